import type { Signal } from '@burstlet/testkit/captures'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnnouncedRows } from '../src/announced-rows.ts'
import { type Decoded, decodeRequest } from '../src/decode.ts'
import { DecodeError } from '../src/decode-error.ts'
import { Engine } from './engine/engine.ts'
import { stored } from './engine/stored.ts'
import { normalItems } from './normal-form.ts'

const definitions = otlpDefinitions()
const receivedNanos = 1_795_420_000_123_456_789n
const time = '1795420000000000001'
const traceId = Uint8Array.from({ length: 16 }, (_, i) => i + 1)
const spanId = Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1)
let engine: Engine
let spaces = 0

beforeAll(async () => {
  engine = await Engine.start()
})
afterAll(() => engine.stop())

describe('spans', () => {
  it('let the last of several attributes with a key count, whatever their types', async () => {
    const { space } = await store('traces', [
      span({
        attributes: [
          string('k', 'a'),
          { key: 'k', value: { intValue: '1' } },
          { key: 'k', value: { boolValue: true } },
        ],
      }),
    ])
    expect(await rows('attr_s, attr_i, attr_b', 'spans', space)).toEqual([
      { attr_s: {}, attr_i: {}, attr_b: { k: true } },
    ])
  })

  it('have well-known attributes in columns, by new names and by old', async () => {
    const { space } = await store('traces', [
      span({
        name: 'a',
        attributes: [
          string('http.request.method', 'GET'),
          string('http.method', 'OLD'),
          string('http.route', '/x'),
          { key: 'http.response.status_code', value: { intValue: '404' } },
          string('db.system.name', 'redis'),
        ],
      }),
      span({
        name: 'b',
        attributes: [string('http.method', 'PUT'), string('http.status_code', '503'), string('db.system', 'mysql')],
      }),
      span({
        name: 'c',
        attributes: [{ key: 'http.status_code', value: { intValue: '-1' } }, string('http.response.status_code', 'ok')],
      }),
    ])
    expect(await rows('http_method, http_route, http_status, db_system', 'spans', space, 'name')).toEqual([
      { http_method: 'GET', http_route: '/x', http_status: 404, db_system: 'redis' },
      { http_method: 'PUT', http_route: '', http_status: 503, db_system: 'mysql' },
      { http_method: '', http_route: '', http_status: 0, db_system: '' },
    ])
  })

  it('have near-unique attributes moved to columns, only the strings of those names', async () => {
    const { space } = await store('traces', [
      span({
        name: 'a',
        attributes: [string('url.full', 'http://x/'), string('user.id', ''), string('http.url', 'http://y/')],
      }),
      span({ name: 'b', attributes: [{ key: 'session.id', value: { intValue: '5' } }] }),
    ])
    expect(await rows('url_full, user_id, session_id, attr_s, attr_i', 'spans', space, 'name')).toEqual([
      { url_full: 'http://x/', user_id: '', session_id: null, attr_s: { 'http.url': 'http://y/' }, attr_i: {} },
      { url_full: null, user_id: null, session_id: null, attr_s: {}, attr_i: { 'session.id': '5' } },
    ])
  })

  it('count for the spans that sampling left out', async () => {
    const { space } = await store('traces', [span({ traceState: 'ot=th:c' })])
    expect(await rows('adjusted_count', 'spans', space)).toEqual([{ adjusted_count: 4 }])
  })

  it('are in an error group when they failed or an exception was recorded', async () => {
    const exception = (message: string) => ({
      name: 'exception',
      attributes: [string('exception.type', 'Error'), string('exception.message', message)],
    })
    const { space } = await store('traces', [
      span({ name: 'a', status: { code: 2 }, events: [exception('no user 1')] }),
      span({ name: 'b', events: [exception('no user 2')] }),
      span({ name: 'c', status: { code: 2, message: 'boom' } }),
      span({ name: 'd' }),
    ])
    const groups = (await rows('error_group', 'spans', space, 'name')).map((row) => row['error_group'])
    expect(groups[0]).toBe(groups[1])
    expect(groups[2]).not.toBe(groups[0])
    expect(groups[2]).not.toBe('0')
    expect(groups[3]).toBe('0')
  })

  it('are rejected one by one for bad ids and for times beyond 2262', () => {
    const { accepted, rejections } = decode('traces', [
      span({ traceId: traceId.subarray(1) }),
      span({ spanId: new Uint8Array(8) }),
      span({ startTimeUnixNano: '9223372036854775808' }),
      span({ endTimeUnixNano: '18446744073709551615' }),
      span({ parentSpanId: spanId.subarray(3), endTimeUnixNano: '9223372036854775807' }),
    ])
    expect(accepted).toBe(1)
    expect(rejections.map(({ reason, count }) => [reason, count])).toEqual([
      ['invalid_trace_id', 1],
      ['invalid_span_id', 1],
      ['time_out_of_range', 2],
    ])
  })

  it('that are rejected must be decodable all the same', () => {
    const good = encode('traces', [span({ spanId: new Uint8Array(8), events: [{ name: 'broken here' }] })])
    const at = Buffer.from(good).indexOf('broken here')
    const broken = Uint8Array.from(good)
    broken[at - 1] = 0x7f
    expect(decodeBytes('traces', good).rejected).toBe(1)
    expect(() => decodeBytes('traces', broken)).toThrow(DecodeError)
  })

  it('without any time say so', () => {
    expect(decode('traces', [span({})]).untimed).toBe(false)
    expect(decode('traces', [span({ startTimeUnixNano: '0', endTimeUnixNano: '0' })]).untimed).toBe(true)
  })

  it('keep keys and names of any number', async () => {
    const many = Array.from({ length: 70_000 }, (_, i) =>
      span({ name: `n${i}`, attributes: [string(`k${i % 300}`, `v${i}`)] }),
    )
    const { space } = await store('traces', many)
    const [row] = await rows(
      `count() AS spans, uniqExact(name) AS names, uniqExact(mapKeys(attr_s)[1]) AS keys,
       countIf(attr_s[concat('k', toString(toUInt32(substring(name, 2)) % 300))] = concat('v', substring(name, 2))) AS right`,
      'spans',
      space,
    )
    expect(row).toEqual({ spans: '70000', names: '70000', keys: '300', right: '70000' })
  })
})

describe('logs', () => {
  it('take their time from where it is', async () => {
    const { space, decoded } = await store('logs', [
      { body: { stringValue: 'a' }, timeUnixNano: time, observedTimeUnixNano: '5' },
      { body: { stringValue: 'b' }, observedTimeUnixNano: '5' },
      { body: { stringValue: 'c' } },
      { body: { stringValue: 'd' }, timeUnixNano: '9223372036854775808' },
      { body: { stringValue: 'e' }, observedTimeUnixNano: '9223372036854775808' },
    ])
    expect(await rows('toUnixTimestamp64Nano(time) AS t, time_source', 'logs', space, 'body')).toEqual([
      { t: time, time_source: 0 },
      { t: '5', time_source: 1 },
      { t: String(receivedNanos), time_source: 2 },
    ])
    expect(decoded).toMatchObject({ accepted: 3, rejected: 2, untimed: true })
    expect(decoded.message).toBe('2 log records rejected: time is after the year 2262 (2; the first: log record "d")')
  })

  it('have ids that lead with the millisecond of receipt and do not repeat', async () => {
    const { space } = await store(
      'logs',
      Array.from({ length: 1000 }, () => ({ observedTimeUnixNano: time })),
    )
    expect(
      await rows(
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
      'logs',
      bodies.map((body) => ({ body, timeUnixNano: time })),
    )
    expect(normalItems('logs', await stored(engine, 'logs', space))).toEqual(normalItems('logs', request))
  })

  it('take values nested 100 levels, and refuse those nested beyond 200', () => {
    const record = (levels: number) => {
      let body = new Uint8Array(0)
      for (let i = 0; i < levels; i++) body = sized(0x2a, sized(0x0a, body))
      return sized(0x0a, sized(0x12, sized(0x12, sized(0x2a, body))))
    }
    expect(decodeBytes('logs', record(100)).accepted).toBe(1)
    expect(() => decodeBytes('logs', record(201))).toThrow(/nested deeper than 200/)
    expect(() => decodeBytes('logs', record(2000))).toThrow(/nested deeper than 200/)
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
    const { space, decoded } = await store('metrics', [
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
    expect(await rows('uniqExact(fingerprint) AS series', 'metric_series', space)).toEqual([{ series: '3' }])
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
    expect(await rows('buckets', 'metric_histograms', 'packed')).toEqual([{ buckets: ['3', '4'] }])
    expect(await rows('bounds', 'metric_series', 'packed')).toEqual([{ bounds: [1] }])
  })

  it('keep what a later occurrence of their oneof adds or replaces', () => {
    const one = encode('metrics', [{ name: 'x', gauge: { dataPoints: [{ timeUnixNano: time, asInt: '1' }] } }])
    expect(decodeBytes('metrics', Uint8Array.from([...one, ...one])).accepted).toBe(2)
  })
})

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
    expect(await rows('service, schema_url, attr_s', 'resources', 'pieces')).toEqual([
      { service: 'late', schema_url: 'https://schema', attr_s: { 'service.name': 'late', 'host.name': 'h' } },
    ])
    expect(await rows('service', 'spans', 'pieces')).toEqual([{ service: 'late' }])
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

  it('are not stored for items that are all rejected', () => {
    expect(decode('traces', [span({ traceId: new Uint8Array(16) })]).blocks).toEqual([])
  })
})

/** A field of a wire type that has a length. */
function sized(tag: number, bytes: Iterable<number>): Uint8Array<ArrayBuffer> {
  const content = Uint8Array.from(bytes)
  const length: number[] = []
  for (let rest = content.length; length.length === 0 || rest > 0; rest >>>= 7) {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
  }
  return Uint8Array.from([tag, ...length, ...content])
}

function string(key: string, stringValue: string) {
  return { key, value: { stringValue } }
}

function span(fields: object): object {
  return { traceId, spanId, name: 's', kind: 1, startTimeUnixNano: time, endTimeUnixNano: time, ...fields }
}

const names = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const

function request(signal: Signal, items: object[]): object {
  const [groups, scopes, list] = names[signal]
  const resource = { attributes: [string('service.name', 'shop')] }
  return { [groups]: [{ resource, [scopes]: [{ scope: { name: 'test' }, [list]: items }] }] }
}

function encode(signal: Signal, items: object[]): Uint8Array {
  const type = exportRequestType(definitions, signal)
  return type.encode(type.fromObject(request(signal, items))).finish()
}

function decode(signal: Signal, items: object[]): Decoded {
  return decodeBytes(signal, encode(signal, items))
}

function decodeBytes(signal: Signal, body: Uint8Array, space = 'default'): Decoded {
  return decodeRequest(signal, 'protobuf', body, { space, receivedNanos, announced: new AnnouncedRows() })
}

async function store(signal: Signal, items: object[]) {
  const space = `space-${++spaces}`
  const decoded = decodeBytes(signal, encode(signal, items), space)
  await engine.insert(decoded.blocks)
  return { space, decoded, request: request(signal, items) }
}

function rows(select: string, table: string, space: string, order = '1'): Promise<Record<string, unknown>[]> {
  return engine.rows(`SELECT ${select} FROM ${table} WHERE space = '${space}' ORDER BY ${order}`)
}
