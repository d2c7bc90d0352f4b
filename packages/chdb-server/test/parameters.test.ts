import { TupleParam } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningServer, startServer } from './running-server.ts'

let running: RunningServer
beforeAll(async () => {
  running = await startServer()
})
afterAll(() => running.stop())

async function roundTrip(type: string, value: unknown): Promise<unknown> {
  const result = await running.writer.query({
    query: `SELECT {value:${type}} AS value, toTypeName(value) AS type`,
    query_params: { value },
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 1, output_format_json_quote_decimals: 1 },
  })
  const [row] = await result.json<{ value: unknown; type: string }>()
  expect(row?.type).toBe(type)
  return row?.value
}

const cases: [type: string, given: unknown, expected?: unknown][] = [
  ['Int8', -128],
  ['UInt8', 255],
  ['Int16', -32768],
  ['UInt16', 65535],
  ['Int32', -2147483648],
  ['UInt32', 4294967295],
  ['Int64', '-9223372036854775808'],
  ['UInt64', '18446744073709551615'],
  ['UInt64', 18446744073709551615n, '18446744073709551615'],
  ['Int128', '-170141183460469231731687303715884105728'],
  ['UInt256', '115792089237316195423570985008687907853269984665640564039457584007913129639935'],
  ['Float32', 1.5],
  ['Float64', -1e300],
  ['Decimal(18, 4)', '12345678901234.5678'],
  ['Decimal(76, 10)', '-1234567890123456789012345678901234567890.0123456789'],
  ['Bool', true],
  ['Bool', false],
  ['String', ''],
  ['String', 'quote \' double " back \\ tick ` tab \t line \n return \r end'],
  ['String', '\\N is no null, \\t is no tab'],
  ['String', 'žluťoučký 🐎 数据'],
  ['String', 'zero \0 inside'],
  ['String', "'; SELECT 2; --"],
  ['String', '{value:String} */ /* q1'],
  ['FixedString(5)', 'abcde'],
  ['LowCardinality(String)', 'often'],
  ['UUID', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
  ['IPv4', '127.0.0.1'],
  ['IPv6', '2001:db8::1'],
  ['Date', '2026-11-23'],
  ['Date32', '1901-02-03'],
  ["DateTime('UTC')", '2026-11-23 08:45:00'],
  ["DateTime64(9, 'UTC')", '2026-11-23 08:45:00.123456789'],
  ["DateTime64(3, 'UTC')", new Date('2026-11-23T08:45:00.123Z'), '2026-11-23 08:45:00.123'],
  ["Enum8('a' = 1, 'b' = 2)", 'b'],
  ['Nullable(String)', null],
  ['Nullable(String)', 'some'],
  ['Nullable(Int32)', null],
  ['Array(UInt32)', [1, 2, 3]],
  ['Array(String)', ["it's", 'a\\b', 'c\nd', '']],
  ['Array(Array(String))', [['a'], [], ['b', 'c']]],
  ['Array(Nullable(String))', ['a', null]],
  ['Map(String, UInt64)', { a: 1, "b'": 2 }, { a: '1', "b'": '2' }],
  ['Map(String, Array(String))', { k: ['x', 'y'] }],
  ['Tuple(Int8, String)', new TupleParam([1, "it's"]), [1, "it's"]],
]

describe('parameters come back as they were sent', () => {
  test.each(cases)('%s %s', async (type, given, expected = given) => {
    expect(await roundTrip(type, given)).toEqual(expected)
  })
})

test('an identifier is a parameter too', async () => {
  const result = await running.writer.query({
    query: 'SELECT name FROM {database:Identifier}.{table:Identifier} WHERE name = {name:String}',
    query_params: { database: 'system', table: 'databases', name: 'test' },
    format: 'JSONEachRow',
  })
  expect(await result.json()).toEqual([{ name: 'test' }])
})

test('a parameter that is missing is told', async () => {
  await expect(running.writer.query({ query: 'SELECT {absent:String}' })).rejects.toMatchObject({
    code: '456',
    type: 'UNKNOWN_QUERY_PARAMETER',
  })
})

test('a parameter of the request before is no parameter of the next one', async () => {
  const query = 'SELECT {n:UInt8} AS n'
  for (let turn = 0; turn < 3; turn++) {
    await running.writer.query({ query, query_params: { n: turn } })
    await expect(running.writer.query({ query })).rejects.toMatchObject({ code: '456' })
  }
})

test('a parameter of the wrong type is told', async () => {
  const wrong = running.writer.query({ query: 'SELECT {n:UInt8}', query_params: { n: 'many' } })
  await expect(wrong).rejects.toMatchObject({ code: '457', type: 'BAD_QUERY_PARAMETER' })
})

test('long parameters travel in a form', async () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `service-${index}`)
  const result = await running.writer.query({
    query: 'SELECT length({names:Array(String)}) AS n, {names:Array(String)}[20000] AS last',
    query_params: { names },
    use_multipart_params: true,
    format: 'JSONEachRow',
  })
  expect(await result.json()).toEqual([{ n: 20_000, last: 'service-19999' }])
})

test('parameters work in a command and in INSERT … SELECT', async () => {
  await running.writer.command({ query: 'CREATE TABLE bound (n UInt64, s String) ENGINE = MergeTree ORDER BY n' })
  const inserted = await running.writer.command({
    query: 'INSERT INTO bound SELECT number, {s:String} FROM numbers({count:UInt64})',
    query_params: { count: 7, s: 'x' },
  })
  expect(inserted.summary).toMatchObject({ written_rows: '7' })
})

test('two requests at once do not see the parameters of one another', async () => {
  const asked = Array.from({ length: 200 }, async (_, index) => {
    const result = await running.writer.query({
      query: 'SELECT {n:UInt32} AS n',
      query_params: { n: index },
      format: 'JSONEachRow',
    })
    expect(await result.json()).toEqual([{ n: index }])
  })
  await Promise.all(asked)
})

describe('settings', () => {
  test('travel as URL parameters', async () => {
    const result = await running.writer.query({
      query: "SELECT getSetting('max_block_size') AS size, getSetting('log_comment') AS comment",
      format: 'JSONEachRow',
      clickhouse_settings: { max_block_size: '1234', log_comment: "it's a \\ comment" },
    })
    expect(await result.json()).toEqual([{ size: 1234, comment: "it's a \\ comment" }])
  })

  test('hold for one request', async () => {
    await running.writer.query({ query: 'SELECT 1', clickhouse_settings: { max_block_size: '77' } })
    const result = await running.writer.query({
      query: "SELECT getSetting('max_block_size') AS n",
      format: 'JSONEachRow',
    })
    expect(await result.json()).not.toEqual([{ n: 77 }])
  })

  test('that are unknown are told', async () => {
    const unknown = running.post('SELECT 1', { no_such_setting: '1' })
    expect((await unknown).status).toBe(404)
    expect((await unknown).headers.get('x-clickhouse-exception-code')).toBe('115')
  })

  test('with an impossible value are told', async () => {
    const answer = await running.post('SELECT 1', { max_threads: 'several' })
    expect(answer.status).toBe(400)
  })

  test('with a name that is none are refused', async () => {
    const answer = await running.post('SELECT 1', { 'a = 1, readonly': '0' })
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('115')
  })
})
