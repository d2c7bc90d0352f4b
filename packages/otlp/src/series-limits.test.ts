import { expect, it } from 'vitest'
import { AnnouncedRows } from './announced-rows.ts'
import { decodeRequest } from './decode.ts'
import { SeriesLimits } from './series-limits.ts'

const day = 86_400n * 1_000_000_000n

/** A gauge with a point for each value of a label. */
function gauge(name: string, service: string, values: number[]): Uint8Array {
  const dataPoints = values.map((value) => ({
    timeUnixNano: '1',
    asInt: '1',
    attributes: [{ key: 'id', value: { intValue: String(value) } }],
  }))
  const attributes = [{ key: 'service.name', value: { stringValue: service } }]
  const scopeMetrics = [{ metrics: [{ name, gauge: { dataPoints } }] }]
  return new TextEncoder().encode(JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics }] }))
}

function thread(limits: SeriesLimits) {
  const announced = new AnnouncedRows()
  return (body: Uint8Array, { days = 1n, stored = true, space = 'default' } = {}) => {
    const decoded = decodeRequest('metrics', 'json', body, {
      space,
      receivedNanos: days * day,
      announced,
      limits,
    })
    if (stored) {
      announced.confirm(decoded.announces)
      limits.confirm()
    }
    const rows = Object.fromEntries(decoded.blocks.map((block) => [block.table, block.rows]))
    return {
      accepted: decoded.accepted,
      rejected: decoded.rejected,
      message: decoded.message,
      series: rows['metric_series'] ?? 0,
    }
  }
}

it('rejects points of series beyond the limit of a metric, and keeps those of known ones', () => {
  const decode = thread(new SeriesLimits({ perMetric: 3, perService: 100, inTotal: 100 }))
  const first = decode(gauge('m', 's', [1, 2, 3, 4, 4, 1]))
  expect(first).toMatchObject({ accepted: 4, rejected: 2, series: 3 })
  expect(first.message).toContain('too many series today (2; the first: metric "m")')
  expect(decode(gauge('m', 's', [1, 2, 3, 5]))).toMatchObject({ accepted: 3, rejected: 1, series: 0 })
  expect(decode(gauge('other', 's', [1, 2, 3]))).toMatchObject({ accepted: 3, rejected: 0 })
  expect(decode(gauge('m', 'other', [1, 2, 3]))).toMatchObject({ accepted: 3, rejected: 0 })
})

it('has a limit for a service, and one for all', () => {
  const decode = thread(new SeriesLimits({ perMetric: 100, perService: 3, inTotal: 5 }))
  expect(decode(gauge('a', 's', [1, 2]))).toMatchObject({ rejected: 0 })
  expect(decode(gauge('b', 's', [1, 2]))).toMatchObject({ accepted: 1, rejected: 1 })
  expect(decode(gauge('a', 't', [1, 2, 3]))).toMatchObject({ accepted: 2, rejected: 1 })
})

it('starts anew with the day, and does not count what was not stored', () => {
  const decode = thread(new SeriesLimits({ perMetric: 2, perService: 100, inTotal: 100 }))
  for (let i = 0; i < 3; i++) expect(decode(gauge('m', 's', [1, 2]), { stored: false })).toMatchObject({ accepted: 2 })
  expect(decode(gauge('m', 's', [1, 2, 3]))).toMatchObject({ accepted: 2, rejected: 1 })
  expect(decode(gauge('m', 's', [3, 4]), { days: 2n })).toMatchObject({ accepted: 2, rejected: 0 })
})

it('counts by space: what one has used up, another still has', () => {
  const decode = thread(new SeriesLimits({ perMetric: 2, perService: 3, inTotal: 3 }))
  expect(decode(gauge('m', 's', [1, 2, 3]))).toMatchObject({ accepted: 2, rejected: 1 })
  expect(decode(gauge('n', 't', [1, 2]))).toMatchObject({ accepted: 1, rejected: 1 })
  expect(decode(gauge('m', 's', [1, 2, 3]), { space: 'b' })).toMatchObject({ accepted: 2, rejected: 1 })
  expect(decode(gauge('n', 't', [1, 2]), { space: 'b' })).toMatchObject({ accepted: 1, rejected: 1 })
})
