import { exportRequestType } from '@burstlet/testkit/otlp-definitions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { addRequest, beginBatch, decodeRequest, encodeBatch } from '../src/decode.ts'
import { Engine } from './engine/engine.ts'
import { decode, decodeBytes, definitions, encode, receivedNanos, rows, sized, span, string } from './requests.ts'

let engine: Engine

beforeAll(async () => {
  engine = await Engine.start()
})
afterAll(() => engine.stop())

describe('resources and scopes', () => {
  it('may come after what is in them, and in several pieces', async () => {
    const type = exportRequestType(definitions, 'traces')
    const part = (resourceSpans: object) =>
      type
        .encode(type.fromObject({ resourceSpans: [resourceSpans] }))
        .finish()
        .subarray(2)
    const pieces = [
      part({ scopeSpans: [{ spans: [span({})] }] }),
      part({ resource: { attributes: [string('service.name', 'late')] } }),
      part({ resource: { attributes: [string('host.name', 'h')] }, schemaUrl: 'https://schema' }),
    ]
    const content = Buffer.concat(pieces)
    const decoded = decodeBytes('traces', sized(10, content), 'pieces')
    await engine.insert(decoded.blocks)
    expect(await rows(engine, 'service, schema_url, attr_s', 'resources', 'pieces')).toEqual([
      {
        service: 'late',
        schema_url: 'https://schema',
        attr_s: [
          ['service.name', 'late'],
          ['host.name', 'h'],
        ],
      },
    ])
    expect(await rows(engine, 'service', 'spans', 'pieces')).toEqual([{ service: 'late' }])
  })

  it('are announced once a day and space, and only after they were confirmed', () => {
    const announced = new AnnouncedRows()
    const body = encode('traces', [span({})])
    const tablesOf = (space: string, nanos = receivedNanos) => {
      const decoded = decodeRequest('traces', 'protobuf', body, { space, receivedNanos: nanos, announced })
      return { tables: decoded.blocks.map(({ table }) => table), announces: decoded.announces }
    }
    const first = tablesOf('default')
    expect(first.tables).toEqual(['resources', 'scopes', 'spans'])
    expect(tablesOf('default').tables).toEqual(['resources', 'scopes', 'spans'])
    announced.confirm(first.announces)
    expect(tablesOf('default').tables).toEqual(['spans'])
    expect(tablesOf('other').tables).toEqual(['resources', 'scopes', 'spans'])
    expect(tablesOf('default', receivedNanos + 86_400_000_000_000n).tables).toEqual(['resources', 'scopes', 'spans'])
  })

  it('and all rows are of the space of their request, though several spaces are in one batch', async () => {
    const spaces = ['batch-a', 'batch-b', 'batch-a']
    const gauge = { name: 'm', gauge: { dataPoints: [{ timeUnixNano: '1', asInt: '1' }] } }
    const metrics = Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [gauge] }] }] }))
    beginBatch({ announced: new AnnouncedRows() })
    for (const space of spaces) {
      addRequest(space, 'traces', 'protobuf', encode('traces', [span({ name: space })]), receivedNanos)
      addRequest(space, 'metrics', 'json', metrics, receivedNanos)
    }
    await engine.insert(encodeBatch().blocks)
    for (const [space, items] of [
      ['batch-a', 2],
      ['batch-b', 1],
    ] as const) {
      expect(await rows(engine, 'name', 'spans', space)).toEqual(Array.from({ length: items }, () => ({ name: space })))
      expect(await rows(engine, 'count() AS rows', 'metric_samples', space)).toEqual([{ rows: String(items) }])
      for (const table of ['resources', 'scopes', 'metric_series']) {
        expect(await rows(engine, 'uniqExact(space) AS rows', table, space)).toEqual([{ rows: '1' }])
      }
    }
    const fingerprints = (space: string) => rows(engine, 'fingerprint', 'metric_series', space)
    expect(await fingerprints('batch-a')).not.toEqual(await fingerprints('batch-b'))
  })

  it('are not stored for items that are all rejected', () => {
    expect(decode('traces', [span({ traceId: new Uint8Array(16) })]).blocks).toEqual([])
  })
})
