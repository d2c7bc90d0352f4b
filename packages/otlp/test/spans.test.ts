import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DecodeError } from '../src/decode-error.ts'
import { Engine } from './engine/engine.ts'
import { decode, decodeBytes, encode, rows, span, spanId, store, string, traceId } from './requests.ts'

let engine: Engine

beforeAll(async () => {
  engine = await Engine.start()
})
afterAll(() => engine.stop())

describe('spans', () => {
  it('let the last of several attributes with a key count, whatever their types', async () => {
    const { space } = await store(engine, 'traces', [
      span({
        attributes: [
          string('k', 'a'),
          { key: 'k', value: { intValue: '1' } },
          { key: 'k', value: { boolValue: true } },
        ],
      }),
    ])
    expect(await rows(engine, 'attr_s, attr_i, attr_b', 'spans', space)).toEqual([
      { attr_s: [], attr_i: [], attr_b: [['k', true]] },
    ])
  })

  it('have well-known attributes in columns, by new names and by old', async () => {
    const { space } = await store(engine, 'traces', [
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
    expect(await rows(engine, 'http_method, http_route, http_status, db_system', 'spans', space, 'name')).toEqual([
      { http_method: 'GET', http_route: '/x', http_status: 404, db_system: 'redis' },
      { http_method: 'PUT', http_route: '', http_status: 503, db_system: 'mysql' },
      { http_method: '', http_route: '', http_status: 0, db_system: '' },
    ])
  })

  it('have near-unique attributes moved to columns, only the strings of those names', async () => {
    const { space } = await store(engine, 'traces', [
      span({
        name: 'a',
        attributes: [string('url.full', 'http://x/'), string('user.id', ''), string('http.url', 'http://y/')],
      }),
      span({ name: 'b', attributes: [{ key: 'session.id', value: { intValue: '5' } }] }),
    ])
    expect(await rows(engine, 'url_full, user_id, session_id, attr_s, attr_i', 'spans', space, 'name')).toEqual([
      { url_full: 'http://x/', user_id: '', session_id: null, attr_s: [['http.url', 'http://y/']], attr_i: [] },
      { url_full: null, user_id: null, session_id: null, attr_s: [], attr_i: [['session.id', '5']] },
    ])
  })

  it('count for the spans that sampling left out', async () => {
    const { space } = await store(engine, 'traces', [span({ traceState: 'ot=th:c' })])
    expect(await rows(engine, 'adjusted_count', 'spans', space)).toEqual([{ adjusted_count: 4 }])
  })

  it('are in an error group when they failed or an exception was recorded', async () => {
    const exception = (message: string) => ({
      name: 'exception',
      attributes: [string('exception.type', 'Error'), string('exception.message', message)],
    })
    const { space } = await store(engine, 'traces', [
      span({ name: 'a', status: { code: 2 }, events: [exception('no user 1')] }),
      span({ name: 'b', events: [exception('no user 2')] }),
      span({ name: 'c', status: { code: 2, message: 'boom' } }),
      span({ name: 'd' }),
    ])
    const groups = (await rows(engine, 'error_group', 'spans', space, 'name')).map((row) => row['error_group'])
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
    const { space } = await store(engine, 'traces', many)
    const [row] = await rows(
      engine,
      `count() AS spans, uniqExact(name) AS names, uniqExact(mapKeys(attr_s)[1]) AS keys,
       countIf(attr_s[concat('k', toString(toUInt32(substring(name, 2)) % 300))] = concat('v', substring(name, 2))) AS right`,
      'spans',
      space,
    )
    expect(row).toEqual({ spans: '70000', names: '70000', keys: '300', right: '70000' })
  })
})
