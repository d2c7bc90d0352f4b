import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { decodeRequest } from '../src/decode.ts'
import { Engine } from './engine/engine.ts'
import { stored } from './engine/stored.ts'
import { decode, decodeBytes, encode, receivedNanos, rows, sized, store, string, time } from './requests.ts'

let engine: Engine

beforeAll(async () => {
  engine = await Engine.start()
})
afterAll(() => engine.stop())

describe('logs', () => {
  it('take their time from where it is', async () => {
    const { space, decoded } = await store(engine, 'logs', [
      { body: { stringValue: 'a' }, timeUnixNano: time, observedTimeUnixNano: '5' },
      { body: { stringValue: 'b' }, observedTimeUnixNano: '5' },
      { body: { stringValue: 'c' } },
      { body: { stringValue: 'd' }, timeUnixNano: '9223372036854775808' },
      { body: { stringValue: 'e' }, observedTimeUnixNano: '9223372036854775808' },
    ])
    expect(await rows(engine, 'toUnixTimestamp64Nano(time) AS t, time_source', 'logs', space, 'body')).toEqual([
      { t: time, time_source: 0 },
      { t: '5', time_source: 1 },
      { t: String(receivedNanos), time_source: 2 },
    ])
    expect(decoded).toMatchObject({ accepted: 3, rejected: 2, untimed: true })
    expect(decoded.message).toBe('2 log records rejected: time is after the year 2262 (2; the first: log record "d")')
  })

  it('have ids that lead with the millisecond of receipt and do not repeat', async () => {
    const { space } = await store(
      engine,
      'logs',
      Array.from({ length: 1000 }, () => ({ observedTimeUnixNano: time })),
    )
    expect(
      await rows(
        engine,
        'uniqExact(record_id) AS ids, min(bitShiftRight(record_id, 22)) AS ms, max(bitShiftRight(record_id, 22)) AS last',
        'logs',
        space,
      ),
    ).toEqual([{ ids: '1000', ms: String(receivedNanos / 1_000_000n), last: String(receivedNanos / 1_000_000n) }])
  })

  it('keep bodies of every type', async () => {
    const bodies = [
      {},
      { stringValue: 'text' },
      { boolValue: false },
      { intValue: '-9007199254740993' },
      { doubleValue: -0 },
      { doubleValue: Number.NaN },
      { arrayValue: { values: [{ intValue: '1' }, {}] } },
      { kvlistValue: { values: [string('__proto__', 'x')] } },
      { bytesValue: Uint8Array.of(0, 255) },
      { bytesValue: new Uint8Array(0) },
    ]
    const { space, request } = await store(
      engine,
      'logs',
      bodies.map((body) => ({ body, timeUnixNano: time })),
    )
    expect(normalItems('logs', await stored(engine, 'logs', space))).toEqual(normalItems('logs', request))
  })

  it('take values nested 200 levels, and refuse those nested deeper, in both encodings alike', () => {
    const arrays = (levels: number) => {
      let body = new Uint8Array(0)
      for (let i = 1; i < levels; i++) body = sized(0x2a, sized(0x0a, body))
      return decodeBytes('logs', sized(0x0a, sized(0x12, sized(0x12, sized(0x2a, body)))))
    }
    const lists = (levels: number) => {
      let body = new Uint8Array(0)
      for (let i = 1; i < levels; i++) body = sized(0x32, sized(0x0a, sized(0x12, body)))
      return decodeBytes('logs', sized(0x0a, sized(0x12, sized(0x12, sized(0x2a, body)))))
    }
    const json = (levels: number) => {
      const body = `${'{"arrayValue":{"values":['.repeat(levels - 1)}{}${']}}'.repeat(levels - 1)}`
      const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${body}}]}]}]}`
      return decodeRequest('logs', 'json', Buffer.from(text), {
        space: 'x',
        receivedNanos,
        announced: new AnnouncedRows(),
      })
    }
    for (const decodeNested of [arrays, lists, json]) {
      expect(decodeNested(200).accepted).toBe(1)
      expect(() => decodeNested(201)).toThrow(/nested deeper than 200/)
      expect(() => decodeNested(2000)).toThrow(/nested deeper than 200/)
    }
  })
})

describe('metrics', () => {
  it('need a temporality where it says something', () => {
    const dataPoints = [
      { timeUnixNano: time, asInt: '1' },
      { timeUnixNano: time, asInt: '2' },
    ]
    const metrics = [
      { name: 'a', sum: { dataPoints } },
      { name: 'b', sum: { dataPoints, aggregationTemporality: 1 } },
      { name: 'c', gauge: { dataPoints } },
      { name: 'd', exponentialHistogram: { dataPoints: [{ timeUnixNano: time }] } },
      { name: 'e' },
    ]
    expect(decode('metrics', metrics)).toMatchObject({
      accepted: 4,
      rejected: 3,
      rejections: [{ reason: 'temporality_unspecified', count: 3, first: 'metric "a"' }],
    })
  })

  it('are one series a set of attributes, whatever their order, and one a set of bounds', async () => {
    const point = (attributes: object[], explicitBounds: number[]) => ({
      timeUnixNano: time,
      attributes,
      explicitBounds,
      bucketCounts: [...explicitBounds.map(() => '1'), '1'],
    })
    const [a, b] = [string('a', '1'), string('b', '2')]
    const { space, decoded } = await store(engine, 'metrics', [
      {
        name: 'h',
        histogram: {
          aggregationTemporality: 2,
          dataPoints: [point([a, b], [1]), point([b, a], [1]), point([a, b], [2])],
        },
      },
      { name: 'h', description: 'more', histogram: { aggregationTemporality: 2, dataPoints: [point([a, b], [1])] } },
    ])
    expect(decoded.blocks.map(({ table, rows: count }) => [table, count])).toEqual([
      ['resources', 1],
      ['scopes', 1],
      ['metric_series', 3],
      ['metric_histograms', 4],
    ])
    expect(await rows(engine, 'uniqExact(fingerprint) AS series', 'metric_series', space)).toEqual([{ series: '3' }])
  })

  it('have lists read packed and not', async () => {
    const fixed = (tag: number, value: number) => [tag, value, 0, 0, 0, 0, 0, 0, 0]
    const one = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]
    const point = [...fixed(0x19, 9), ...fixed(0x31, 3), ...fixed(0x31, 4), 0x3a, 8, ...one]
    const metric = [...sized(10, [0x68]), ...sized(74, [0x10, 2, ...sized(10, point)])]
    const body = sized(10, sized(18, sized(18, metric)))
    const decoded = decodeBytes('metrics', body, 'packed')
    expect(decoded).toMatchObject({ accepted: 1, message: '' })
    await engine.insert(decoded.blocks)
    expect(await rows(engine, 'buckets', 'metric_histograms', 'packed')).toEqual([{ buckets: ['3', '4'] }])
    expect(await rows(engine, 'bounds', 'metric_series', 'packed')).toEqual([{ bounds: [1] }])
  })

  it('keep the sign of a zero', async () => {
    const dataPoints = [{ timeUnixNano: time, sum: -0, zeroThreshold: -0 }]
    const { space, request } = await store(engine, 'metrics', [
      { name: 'e', exponentialHistogram: { aggregationTemporality: 1, dataPoints } },
      { name: 's', summary: { dataPoints: [{ timeUnixNano: time, sum: -0 }] } },
    ])
    expect(normalItems('metrics', await stored(engine, 'metrics', space))).toEqual(normalItems('metrics', request))
  })

  it('keep what a later occurrence of their oneof adds or replaces', () => {
    const one = encode('metrics', [{ name: 'x', gauge: { dataPoints: [{ timeUnixNano: time, asInt: '1' }] } }])
    expect(decodeBytes('metrics', Uint8Array.from([...one, ...one])).accepted).toBe(2)
  })
})
