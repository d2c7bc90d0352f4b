import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { landlockVersion } from '../src/confinement/landlock.ts'
import { hostileStatements, type Targets } from './hostile-statements.ts'
import { basic, oneValue, type RunningServer, startServer } from './running-server.ts'

/** In every place that nobody may look at. */
const secret = 'a-secret-that-nobody-may-see'

let running: RunningServer
let targets: Targets
beforeAll(async () => {
  running = await startServer({ guestTables: ['test.t'] })
  targets = {
    secretFile: join(running.folder, 'secret'),
    ownFile: join(running.folder, 'data', 'secret'),
    outputFile: join(running.folder, 'output'),
  }
  await writeFile(targets.secretFile, secret)
  await writeFile(targets.ownFile, secret)
  for (const table of ['t', 'hidden']) {
    await running.writer.command({ query: `CREATE TABLE ${table} (n UInt64, s String) ENGINE = MergeTree ORDER BY n` })
  }
  await running.writer.insert({ table: 't', values: [{ n: 1, s: 'seen' }], format: 'JSONEachRow' })
  await running.writer.insert({ table: 'hidden', values: [{ n: 1, s: secret }], format: 'JSONEachRow' })
})
afterAll(() => running.stop())

async function ask(query: string, parameters: Record<string, string> = {}): Promise<Response> {
  const given = { database: 'test', default_format: 'JSONEachRow', ...parameters }
  return fetch(`${running.server.url}/?${new URLSearchParams(given)}`, {
    method: 'POST',
    headers: { authorization: basic(running.server.guest) },
    body: query,
  })
}

describe('a person’s statement', () => {
  test.each([
    ['SELECT s FROM t', '{"s":"seen"}\n'],
    ['SELECT 1 AS a', '{"a":1}\n'],
    ['SELECT s AS “a”, ‘file(’ AS b FROM test.t; -- c', '{"a":"seen","b":"file("}\n'],
    ['WITH x AS (SELECT n FROM t) SELECT count() AS c FROM x WHERE n IN (SELECT n FROM t)', '{"c":1}\n'],
  ])('%s', async (query, answer) => {
    expect(await (await ask(query)).text()).toBe(answer)
  })

  test('has its columns once, however many blocks the answer has', async () => {
    const query = 'SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3'
    const answer = await (await ask(query, { default_format: 'JSONCompactEachRowWithNamesAndTypes' })).text()
    expect(answer.split('\n').sort()).toEqual(['', '["UInt8"]', '["n"]', '[1]', '[2]', '[3]'])
  })

  test('may be told as a tree, and not in a format that holds everything', async () => {
    expect(await (await ask('EXPLAIN AST SELECT 1')).text()).toContain('Literal UInt64_1')
    expect((await ask('SELECT 1', { default_format: 'JSON' })).status).toBe(404)
  })
})

describe('without any vetting before', () => {
  test('no hostile text gets at anything', { timeout: 120_000 }, async () => {
    const sleeping = running.post(
      'SELECT sleepEachRow(0.1) FROM numbers(3000) SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1 FORMAT Null',
    )
    const before = await state()
    for (const text of hostileStatements(targets)) {
      const answer = await (await ask(text)).text()
      expect([text, answer.includes(secret)]).toEqual([text, false])
    }
    expect(existsSync(targets.outputFile)).toBe(false)
    expect(await state()).toEqual(before)
    const running_ =
      "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(0.1)%' AND query NOT LIKE '%processes%'"
    expect(await oneValue(running.writer, running_)).toBe('1')
    await running.writer.command({
      query: "KILL QUERY WHERE query LIKE '%sleepEachRow(0.1)%' AND query NOT LIKE '%KILL%' ASYNC",
    })
    await (await sleeping).text()
  })

  async function state(): Promise<string[]> {
    const asked = [
      'SELECT count(), any(s) FROM t',
      'SELECT count(), any(s) FROM hidden',
      "SELECT groupArray(name) FROM (SELECT name FROM system.tables WHERE database NOT IN ('system') ORDER BY name)",
      "SELECT groupArray((name, value)) FROM system.settings WHERE changed AND name NOT LIKE 'log_comment'",
    ]
    return Promise.all(asked.map((query) => oneValue(running.writer, query)))
  }

  test.each(['settings', 'processes', 'parts', 'disks', 'columns'])('system.%s is empty', async (table) => {
    expect(await (await ask(`SELECT count() AS c FROM system.${table}`)).text()).toBe('{"c":0}\n')
  })

  test('the tenant’s own conditions hold beside that', async () => {
    const filters = { additional_table_filters: "{'t': 'n > 1'}" }
    expect(await (await ask('SELECT count() AS c FROM t', filters)).text()).toBe('{"c":0}\n')
    expect((await ask('SELECT 1', { additional_table_filters: "{'t': 'file(''x'') = '''''}" })).status).toBe(403)
    expect((await ask('SELECT 1', { additional_table_filters: 'x' })).status).toBe(400)
  })

  test('many heavy statements leave room for others', { timeout: 60_000 }, async () => {
    const heavy = 'SELECT groupArray(a.s || toString(b.number)) FROM t AS a CROSS JOIN numbers(100000000) AS b'
    const answers = Array.from({ length: 6 }, () => ask(heavy))
    let over = false
    const ended = Promise.all(answers).finally(() => {
      over = true
    })
    while (!over) expect(await (await running.post('SELECT 1')).text()).toBe('1\n')
    for (const answer of await ended) expect(answer.headers.get('x-clickhouse-exception-code')).toBe('241')
  })

  test('one statement has a quarter of the memory', async () => {
    const settings = { max_memory_usage: '0' }
    const answer = await ask("SELECT getSetting('max_memory_usage') AS m, getSetting('readonly') AS r", settings)
    expect(await answer.json()).toEqual({ m: 2 ** 29, r: 1 })
  })
})

describe.runIf(landlockVersion() > 0)('without any check of a statement', () => {
  // The writer's statements are not read for this; a lexer of ours takes what stands between $b$ for a text.
  const asWriter = async (query: string) => (await running.post(query)).text()

  test('no file but those of the engine can be read or written', async () => {
    expect(await asWriter(`SELECT file('${targets.ownFile}')`)).toContain(secret)
    expect(await asWriter(`SELECT file('${targets.secretFile}')`)).toContain('Permission denied')
    expect(await asWriter(`SELECT 1 AS a$b$ INTO OUTFILE '${targets.outputFile}' -- $b$`)).toContain('DB::Exception')
    expect(existsSync(targets.outputFile)).toBe(false)
    expect(await asWriter("SELECT file('/etc/passwd')")).toContain('Permission denied')
    expect(await asWriter(`SELECT file('/proc/${process.pid}/environ')`)).toContain('DB::Exception')
  })

  test('the process has no variables but those that it needs', async () => {
    expect(await asWriter("SELECT file('/proc/self/environ')")).not.toMatch(/MONITORING|VITEST|HOME/)
  })
})
