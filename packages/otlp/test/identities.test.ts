import { expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { decodeRequest } from '../src/decode.ts'

/** 23 November 2026: the day is part of what is compared. */
const receivedNanos = 1_795_420_000_123_456_789n
const resource = {
  attributes: [
    { key: 'service.name', value: { stringValue: 'shop' } },
    { key: 'n', value: { intValue: '-42' } },
    { key: 'd', value: { doubleValue: 0.1 } },
    { key: 'b', value: { boolValue: true } },
    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'é"' }, { doubleValue: 1 }] } } },
    { key: 'none', value: {} },
  ],
  droppedAttributesCount: 3,
  entityRefs: [{ type: 'host', idKeys: ['host.id', 'host.name'] }],
}
const scope = {
  name: 'lib',
  version: '1.2',
  droppedAttributesCount: 1,
  attributes: [{ key: 'x', value: { bytesValue: 'AAEC' } }],
}
const histogram = {
  aggregationTemporality: 2,
  dataPoints: [
    {
      timeUnixNano: '1795420000000000001',
      attributes: [{ key: 'route', value: { stringValue: '/a' } }],
      explicitBounds: [1, 2.5],
      bucketCounts: ['1', '2', '3'],
      count: '6',
    },
  ],
}
const metric = {
  name: 'm',
  unit: 's',
  description: 'd',
  metadata: [{ key: 'k', value: { stringValue: 'v' } }],
  histogram,
}

it('stay what they are from release to release, since they are stored', () => {
  const body = {
    resourceMetrics: [
      { schemaUrl: 'https://schema', resource, scopeMetrics: [{ schemaUrl: 's', scope, metrics: [metric] }] },
    ],
  }
  const context = { space: 'default', receivedNanos, announced: new AnnouncedRows() }
  const { announces } = decodeRequest('metrics', 'json', Buffer.from(JSON.stringify(body)), context)
  // Low and high word of the hash, and day and table: of the series, the resource and the scope.
  expect([...announces]).toEqual([
    -1564912288, -386817988, 83123, 1503151857, -64172908, 83121, 168260185, -448590114, 83122,
  ])
})
