import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, oneValue, type RunningServer, startServer } from './running-server.ts'

let running: RunningServer
beforeAll(async () => {
  running = await startServer()
  await running.writer.command({ query: 'CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n' })
  await running.writer.insert({ table: 't', values: [{ n: 1 }], format: 'JSONEachRow' })
})
afterAll(() => running.stop())

function codeOf(answer: Response): string | null {
  return answer.headers.get('x-clickhouse-exception-code')
}

describe('who asks', () => {
  test('a wrong password, an unknown user', async () => {
    const wrong = running.clientWith({ username: 'writer', password: 'wrong' })
    await expect(wrong.query({ query: 'SELECT 1' })).rejects.toMatchObject({
      code: '516',
      type: 'AUTHENTICATION_FAILED',
    })
    const unknown = running.clientWith({ username: 'default', password: '' })
    await expect(unknown.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' })
    const swapped = running.clientWith({ ...running.server.writer, username: 'reader' })
    await expect(swapped.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' })
  })

  test('nobody', async () => {
    const answer = await fetch(running.server.url, { method: 'POST', body: 'SELECT 1' })
    expect([answer.status, codeOf(answer)]).toEqual([401, '194'])
  })

  test('by headers, and in the URL', async () => {
    const { username, password } = running.server.reader
    const headers = { 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password }
    expect(await (await fetch(running.server.url, { method: 'POST', headers, body: 'SELECT 1' })).text()).toBe('1\n')
    const url = `${running.server.url}/?${new URLSearchParams({ user: username, password, query: 'SELECT 1' })}`
    expect(await (await fetch(url)).text()).toBe('1\n')
  })

  test('passwords differ between two starts', async () => {
    const other = await startServer()
    expect(other.server.writer.password).not.toBe(running.server.writer.password)
    await other.stop()
  })
})

describe('the read-only user', () => {
  async function ask(query: string, parameters: Record<string, string> = {}): Promise<Response> {
    const url = `${running.server.url}/?${new URLSearchParams({ database: 'test', ...parameters })}`
    return fetch(url, { method: 'POST', headers: { authorization: basic(running.server.reader) }, body: query })
  }

  test.each([
    'SELECT n FROM t',
    'WITH x AS (SELECT n FROM t) SELECT n FROM x',
    '(SELECT 1)',
    'SHOW TABLES',
    'DESCRIBE t',
    'EXPLAIN SELECT n FROM t',
    'EXISTS TABLE t',
    'SELECT name FROM system.columns LIMIT 1',
    'SELECT file FROM (SELECT 1 AS file)',
  ])('may %s', async (query) => {
    expect((await ask(query)).status).toBe(200)
  })

  test.each([
    ['INSERT INTO t VALUES (2)', '164'],
    ['INSERT INTO t SELECT 2', '164'],
    ['CREATE TABLE u (n UInt8) ENGINE = Memory', '164'],
    ['DROP TABLE t', '164'],
    ['ALTER TABLE t DELETE WHERE 1', '164'],
    ['OPTIMIZE TABLE t', '164'],
    ['TRUNCATE TABLE t', '164'],
    ['SYSTEM FLUSH LOGS', '164'],
    ['SET max_threads = 1', '164'],
    ["KILL QUERY WHERE query_id = 'x'", '164'],
    ['SELECT 1 SETTINGS max_execution_time = 0', '164'],
    ['SELECT 1 SETTINGS readonly = 0', '164'],
    ["SELECT file('/etc/passwd')", '497'],
    ["SELECT FILE ('/etc/passwd')", '497'],
    ["SELECT file/**/\n('/etc/passwd')", '497'],
    ["SELECT `file`('/etc/passwd')", '497'],
    ['SELECT "fil\\x65"(\'/etc/passwd\')', '497'],
    ["EXPLAIN PLAN SELECT file('/etc/passwd')", '497'],
    ["SELECT * FROM file('/etc/passwd')", '497'],
    ["SELECT * FROM url('http://127.0.0.1/')", '497'],
    ["SELECT 1 INTO OUTFILE '/tmp/x'", '358'],
    ["EXPLAIN AST SELECT 1; SELECT file('/etc/passwd')", '62'],
  ])('may not %s', async (query, code) => {
    const answer = await ask(query)
    expect([query, codeOf(answer)]).toEqual([query, code])
  })

  test('may choose output and lower limits', async () => {
    const query =
      "SELECT getSetting('max_execution_time') AS t, getSetting('max_memory_usage') AS m, toUInt64(7) AS n FORMAT JSONEachRow"
    const settings = {
      max_execution_time: '5',
      max_memory_usage: '100000000',
      output_format_json_quote_64bit_integers: '1',
    }
    expect(await (await ask(query, settings)).json()).toEqual({ t: 5, m: 100000000, n: '7' })
  })

  test('may not lift limits', async () => {
    const query =
      "SELECT getSetting('max_execution_time') AS t, getSetting('max_memory_usage') AS m, getSetting('readonly') AS r FORMAT JSONEachRow"
    const own = await (await ask(query)).json()
    expect(own).toMatchObject({ t: 60, r: 1 })
    expect(await (await ask(query, { max_execution_time: '0', max_memory_usage: '0', readonly: '0' })).json()).toEqual(
      own,
    )
    expect(await (await ask(query, { max_execution_time: '3600' })).json()).toEqual(own)
  })

  test('may not change other settings', async () => {
    expect(codeOf(await ask('SELECT 1', { allow_introspection_functions: '1' }))).toBe('164')
    expect(codeOf(await ask('SELECT 1', { implicit_select: '1' }))).toBe('164')
  })

  test('left everything as it was', async () => {
    expect(await oneValue(running.writer, 'SELECT count() FROM t')).toBe('1')
  })
})

test('GET only reads', async () => {
  const { username, password } = running.server.writer
  const get = (query: string) =>
    fetch(`${running.server.url}/?${new URLSearchParams({ user: username, password, query })}`)
  expect(await (await get('SELECT 1')).text()).toBe('1\n')
  expect(codeOf(await get('DROP TABLE test.t'))).toBe('164')
})
