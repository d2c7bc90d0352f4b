import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { oneValue, type RunningServer, startServer } from './running-server.ts'

let running: RunningServer
let localFiles: string
beforeAll(async () => {
  localFiles = join(tmpdir(), `chdb-server-files-${process.pid}`)
  await mkdir(localFiles, { recursive: true })
  running = await startServer({ localFiles })
})
afterAll(() => running.stop())

beforeEach(async () => {
  await running.writer.command({
    query: 'CREATE OR REPLACE TABLE t (n UInt64, s String) ENGINE = MergeTree ORDER BY n',
  })
})

const content = () => oneValue(running.writer, 'SELECT count(), sum(n), groupBitXor(cityHash64(n, s)) FROM t')
const rows = () => oneValue(running.writer, 'SELECT n, s FROM t ORDER BY n')

describe('through the client', () => {
  test('objects', async () => {
    const values = [
      { n: 1, s: 'one' },
      { n: 2, s: 'two \n \' \\ "' },
    ]
    const { summary } = await running.writer.insert({ table: 't', values, format: 'JSONEachRow' })
    expect(summary).toMatchObject({ written_rows: '2', read_rows: '2', result_rows: '0' })
    const result = await running.writer.query({ query: 'SELECT * FROM t ORDER BY n', format: 'JSONEachRow' })
    expect(await result.json()).toEqual(values)
  })

  test('a stream of 100,000 rows', async () => {
    function* lines() {
      for (let n = 0; n < 100_000; n++) yield { n, s: `row ${n}` }
    }
    await running.writer.insert({ table: 't', values: Readable.from(lines()), format: 'JSONEachRow' })
    const expected =
      "SELECT count(), sum(number), groupBitXor(cityHash64(number, concat('row ', toString(number)))) FROM numbers(100000)"
    expect(await content()).toBe(await oneValue(running.writer, expected))
  })

  test('some columns', async () => {
    await running.writer.insert({ table: 't', columns: ['s'], values: [{ s: 'only' }], format: 'JSONEachRow' })
    expect(await rows()).toBe('0\tonly')
  })

  test('compressed', async () => {
    const client = running.clientWith({ compression: { request: true } })
    await client.insert({ table: 't', values: [{ n: 3, s: 'gz' }], format: 'JSONEachRow' })
    expect(await rows()).toBe('3\tgz')
  })

  test('nothing', async () => {
    await running.writer.insert({ table: 't', values: Readable.from([]), format: 'JSONEachRow' })
    expect(await rows()).toBe('')
  })
})

describe('text and data', () => {
  const cases: [name: string, query: string | undefined, body: string][] = [
    ['format in the URL, data in the body', 'INSERT INTO t FORMAT CSV', '1,a\n2,b\n'],
    ['all in the body', undefined, 'INSERT INTO t FORMAT CSV\n1,a\n2,b\n'],
    ['all in the body, Windows line', undefined, 'INSERT INTO t FORMAT CSV \r\n1,a\r\n2,b\r\n'],
    ['all in the URL', "INSERT INTO t VALUES (1, 'a'), (2, 'b')", ''],
    ['VALUES in the body', undefined, "INSERT INTO t (n, s) VALUES (1, 'a'), (1 + 1, concat('b', ''))"],
    ['VALUES in the URL, data in the body', 'INSERT INTO t VALUES', "(1, 'a'), (2, 'b')"],
    ['no format means Values', 'INSERT INTO t', "(1, 'a'), (2, 'b')"],
    [
      'columns, settings and comments',
      'INSERT INTO t (s, n) /* FORMAT x */ SETTINGS max_threads = 1 FORMAT TSV',
      'a\t1\nb\t2\n',
    ],
    ['INSERT … SELECT', undefined, "INSERT INTO t SELECT * FROM values('n UInt64, s String', (1, 'a'), (2, 'b'))"],
    [
      'INSERT … WITH … SELECT',
      undefined,
      'INSERT INTO t WITH 1 AS x SELECT number + x, char(97 + number) FROM numbers(2)',
    ],
    ['INSERT … (SELECT)', undefined, 'INSERT INTO t (SELECT number + 1, char(97 + number) FROM numbers(2))'],
    ['a table with its database, quoted', 'INSERT INTO `test`.`t` FORMAT JSONCompactEachRow', '[1,"a"]\n[2,"b"]'],
  ]
  test.each(cases)('%s', async (_name, query, body) => {
    const answer = await running.post(body, query === undefined ? {} : { query })
    expect(await answer.text()).toBe('')
    expect(answer.status).toBe(200)
    expect(await rows()).toBe('1\ta\n2\tb')
  })

  test('data may hold anything, statements too', async () => {
    const s = "; DROP TABLE t; ' \0 FORMAT SELECT /*"
    await running.post(JSON.stringify({ n: 1, s }), { query: 'INSERT INTO t FORMAT JSONEachRow' })
    await running.post(`INSERT INTO t FORMAT JSONEachRow\n${JSON.stringify({ n: 2, s })}`)
    const result = await running.writer.query({ query: 'SELECT s FROM t', format: 'JSONEachRow' })
    expect(await result.json()).toEqual([{ s }, { s }])
  })

  test('names that are keywords', async () => {
    await running.writer.command({
      query: 'CREATE OR REPLACE TABLE format (`values` UInt8, `select` String) ENGINE = Memory',
    })
    const answer = await running.post('1,x', { query: 'INSERT INTO format (`values`, `select`) FORMAT CSV' })
    expect(answer.status).toBe(200)
    expect(await oneValue(running.writer, 'SELECT * FROM format')).toBe('1\tx')
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('a body in %s', async (encoding, encode) => {
    const body = new Uint8Array(encode('1,a\n2,b\n'))
    await running.post(body, { query: 'INSERT INTO t FORMAT CSV' }, { 'Content-Encoding': encoding })
    expect(await rows()).toBe('1\ta\n2\tb')
  })

  test('a body that is not in its encoding', async () => {
    const answer = await running.post('1,a\n', { query: 'INSERT INTO t FORMAT CSV' }, { 'Content-Encoding': 'gzip' })
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe('354')
  })

  test('an encoding that is unknown', async () => {
    const answer = await running.post('1,a\n', { query: 'INSERT INTO t FORMAT CSV' }, { 'Content-Encoding': 'br' })
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('use gzip, zstd or deflate')])
  })

  test('a row that does not fit leaves nothing behind', async () => {
    const answer = await running.post('1,a\nmany,b\n', { query: 'INSERT INTO t FORMAT CSV' })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('(CANNOT_PARSE_INPUT_ASSERTION_FAILED)')
    expect(await rows()).toBe('')
  })

  test('FROM INFILE and input() are refused', async () => {
    const infile = await running.post("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT LineAsString")
    expect(infile.headers.get('x-clickhouse-exception-code')).toBe('78')
    const input = await running.post('1,a', {
      query: "INSERT INTO t SELECT * FROM input('n UInt64, s String') FORMAT CSV",
    })
    expect(input.headers.get('x-clickhouse-exception-code')).toBe('48')
  })

  test('a token is inserted once, its view included', async () => {
    for (const query of [
      `CREATE TABLE once (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 100`,
      `CREATE TABLE sums (n UInt64) ENGINE = SummingMergeTree ORDER BY tuple() SETTINGS non_replicated_deduplication_window = 100`,
      `CREATE MATERIALIZED VIEW sums_view TO sums AS SELECT sum(n) AS n FROM once`,
    ]) {
      await running.writer.command({ query })
    }
    for (const token of ['a', 'a', 'b']) {
      const parameters = { insert_deduplication_token: token, deduplicate_blocks_in_dependent_materialized_views: '1' }
      const answer = await running.post('1\n2\n', {
        query: 'INSERT INTO once FORMAT CSV',
        async_insert: '0',
        ...parameters,
      })
      expect(answer.status).toBe(200)
    }
    expect(await oneValue(running.writer, 'SELECT count(), (SELECT sum(n) FROM sums) FROM once')).toBe('4\t6')
  })
})

describe('from a local file', () => {
  const insertFile = (name: string, format: string) =>
    running.post('', { query: `INSERT INTO t FORMAT ${format}`, local_file: name, wait_end_of_query: '1' })

  test('Native blocks, one after the other', async () => {
    const block = async (start: number) => {
      const query = `SELECT number AS n, toString(number) AS s FROM numbers(${start}, 50000) FORMAT Native`
      return Buffer.from(await (await running.post(query)).arrayBuffer())
    }
    await writeFile(join(localFiles, 'segment-1'), Buffer.concat([await block(0), await block(50_000)]))
    const answer = await insertFile('segment-1', 'Native')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.headers.get('x-clickhouse-summary')!)).toMatchObject({ written_rows: '100000' })
    expect(await oneValue(running.writer, 'SELECT count(), sum(n), countIf(s != toString(n)) FROM t')).toBe(
      '100000\t4999950000\t0',
    )
  })

  test('any format, from a folder below', async () => {
    await mkdir(join(localFiles, 'below'), { recursive: true })
    await writeFile(join(localFiles, 'below', 'rows.csv'), '5,five\n')
    expect((await insertFile('below/rows.csv', 'CSV')).status).toBe(200)
    expect(await rows()).toBe('5\tfive')
  })

  test('a file that is cut is an error', async () => {
    const whole = await (
      await running.post('SELECT number AS n, toString(n) AS s FROM numbers(1000) FORMAT Native')
    ).arrayBuffer()
    await writeFile(join(localFiles, 'cut'), Buffer.from(whole).subarray(0, 5000))
    const answer = await insertFile('cut', 'Native')
    expect(answer.status).not.toBe(200)
    expect(await rows()).toBe('')
  })

  test('never from outside of the folder', async () => {
    await symlink('/etc/passwd', join(localFiles, 'link')).catch(() => {})
    for (const name of ['../../etc/passwd', '/etc/passwd', 'link', '.', '']) {
      const answer = await insertFile(name, 'CSV')
      expect([name, answer.headers.get('x-clickhouse-exception-code')]).toEqual([
        name,
        expect.stringMatching(/^(291|107)$/),
      ])
    }
    expect(await rows()).toBe('')
  })

  test('a file that is not there is told', async () => {
    expect(await (await insertFile('absent', 'CSV')).text()).toContain('FILE_DOESNT_EXIST')
  })
})
