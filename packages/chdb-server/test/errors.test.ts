import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, type RunningServer, startServer } from './running-server.ts'

let running: RunningServer
beforeAll(async () => {
  running = await startServer()
})
afterAll(() => running.stop())

describe('code, name and status as ClickHouse gives them', () => {
  const cases: [query: string, code: string, type: string, status: number][] = [
    ['SELECT FROM WHERE', '62', 'SYNTAX_ERROR', 400],
    ['SELEC 1', '62', 'SYNTAX_ERROR', 400],
    ['', '62', 'SYNTAX_ERROR', 400],
    ['SELECT 1; SELECT 2', '62', 'SYNTAX_ERROR', 400],
    ['SELECT * FROM no_such_table', '60', 'UNKNOWN_TABLE', 404],
    ['INSERT INTO no_such_table FORMAT CSV 1', '60', 'UNKNOWN_TABLE', 404],
    ['SELECT * FROM no_such_database.t', '81', 'UNKNOWN_DATABASE', 404],
    ['SELECT no_such_column', '47', 'UNKNOWN_IDENTIFIER', 404],
    ['SELECT noSuchFunction(1)', '46', 'UNKNOWN_FUNCTION', 404],
    ['SELECT 1 SETTINGS no_such_setting = 1', '115', 'UNKNOWN_SETTING', 404],
    ["SELECT toUInt8('x')", '6', 'CANNOT_PARSE_TEXT', 400],
    ['SELECT throwIf(1)', '395', 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', 500],
    ["SELECT 1 INTO OUTFILE '/tmp/out'", '358', 'INTO_OUTFILE_NOT_ALLOWED', 500],
    ["SELECT * FROM url('http://127.0.0.1:1/')", '497', 'ACCESS_DENIED', 403],
    ["SELECT * FROM file('/etc/passwd')", '497', 'ACCESS_DENIED', 403],
  ]
  test.each(cases)('%s', async (query, code, type, status) => {
    const answer = await running.post(query)
    const text = await answer.text()
    expect(text).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: .*\\(${type}\\) \\(version `, 's'))
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([status, code])
  })

  test('the client reads them', async () => {
    const failed = running.writer.query({ query: 'SELECT * FROM no_such_table' })
    await expect(failed).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' })
    const command = running.writer.command({ query: 'DROP TABLE no_such_table' })
    await expect(command).rejects.toMatchObject({ code: '60' })
    const insert = running.writer.insert({ table: 'no_such_table', values: [{ a: 1 }], format: 'JSONEachRow' })
    await expect(insert).rejects.toMatchObject({ code: '60' })
  })

  test('positions are those of the text that was sent', async () => {
    const text = await (await running.post('SELECT 1 +')).text()
    expect(text).toContain('failed at position 11 (end of query)')
    const lines = await (await running.post('SELECT 1 + ) AS x\nFROM t')).text()
    expect(lines).toMatch(/failed at position 12 .*line 1, col 12/)
  })

  test('timeout', async () => {
    const answer = await running.post('SELECT sum(cityHash64(number)) FROM numbers(100000000000)', {
      max_execution_time: '1',
    })
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([408, '159'])
  })

  test('memory of one query, and the engine goes on', async () => {
    const hungry = 'SELECT groupArray(number) FROM numbers(100000000) FORMAT Null'
    const answer = await running.post(hungry, { max_memory_usage: '50000000' })
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([500, '241'])
    expect(await (await running.post('SELECT 1')).text()).toBe('1\n')
  })

  test('a compressed error is readable', async () => {
    const client = running.clientWith({ compression: { response: true } })
    await expect(client.query({ query: 'SELECT * FROM no_such_table' })).rejects.toMatchObject({ code: '60' })
  })
})

describe('an error in mid-stream', () => {
  const late = 'SELECT number, throwIf(number = 2000000) FROM numbers(3000000)'

  test.each([false, true])('reaches the client (compression: %s)', async (response) => {
    const client = running.clientWith({ compression: { response } })
    const result = await client.query({ query: late, format: 'JSONEachRow', clickhouse_settings: { max_threads: 1 } })
    let rows = 0
    const read = async () => {
      for await (const piece of result.stream()) rows += piece.length
    }
    await expect(read()).rejects.toMatchObject({ code: '395', type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO' })
    expect(rows).toBeGreaterThan(1_000_000)
  })

  test('ends the connection without the last chunk', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const authorization = basic(running.server.writer)
    // Without a listener, a connection that breaks instead of ending would be nobody's error, outside of any test.
    const sent = request(running.server.url, { method: 'POST', headers: { authorization } }).on('error', reject)
    sent.on('response', (answer) => {
      answer.on('error', () => {})
      answer.resume().on('close', () => resolve(answer))
    })
    sent.end(`${late} FORMAT Native`)
    const answer = await promise
    expect(answer.headers['x-clickhouse-exception-tag']).toMatch(/^\w{16}$/)
    expect(answer.complete).toBe(false)
  })

  test('has a status of its own when the end is waited for', async () => {
    const answer = await running.post(`${late} FORMAT TabSeparated`, { wait_end_of_query: '1' })
    expect([answer.status, answer.headers.get('x-clickhouse-exception-code')]).toEqual([500, '395'])
  })
})

describe('what is refused says so', () => {
  test.each([
    ['session_id', 'abc', 'sessions are not supported'],
    ['role', 'admin', 'roles are not supported'],
    ['decompress', '1', 'use Content-Encoding'],
  ])('%s', async (name, value, text) => {
    const answer = await running.post('SELECT 1', { [name]: value })
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining(text)])
  })

  test('a query id or a format that no header can hold', async () => {
    expect((await running.post('SELECT 1', { query_id: 'a\nb' })).headers.get('x-clickhouse-exception-code')).toBe('36')
    expect(
      (await running.post('SELECT 1', { default_format: 'a\nb' })).headers.get('x-clickhouse-exception-code'),
    ).toBe('73')
  })

  test('other paths and methods', async () => {
    expect((await fetch(`${running.server.url}/play`)).status).toBe(404)
    expect((await fetch(running.server.url, { method: 'DELETE' })).status).toBe(405)
  })

  test('a statement that is too long', async () => {
    const answer = await running.post(`SELECT '${'x'.repeat(300_000)}'`)
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('max_query_size')])
    const allowed = await running.post(`SELECT length('${'x'.repeat(300_000)}')`, { max_query_size: '400000' })
    expect(await allowed.text()).toBe('300000\n')
  })
})
