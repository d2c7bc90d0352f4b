import { type SqlResponse, sqlResponse } from '@burstlet/contract/sql'
import { describe, expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { post, problemOfPost } from './test-api.ts'

const api = startedApi(async (engine) => {
  await engine.writer.command({
    query: `INSERT INTO logs (space, received, service, time, record_id, severity, body, body_type)
            SELECT if(number < 30, 'default', 'foreign'), now(), if(number % 3 = 0, 'video', 'web'), now64(9), number, 9, concat('line ', toString(number)), 1 FROM numbers(50)`,
  })
  // Past its time; it stays until its partition is dropped.
  await engine.writer.command({
    query: `INSERT INTO logs (space, received, service, time, record_id, body) SELECT 'default', now() - INTERVAL 8 DAY, 'old', now64(9), 99, 'old'`,
  })
  await engine.writer.command({ query: 'CREATE TABLE secrets (space String, x String) ENGINE = MergeTree ORDER BY x' })
})

const run = async (query: string, limit?: number): Promise<SqlResponse> =>
  sqlResponse.parse(await post(api.app, '/sql', { query, ...(limit && { limit }) }))

describe('answers', () => {
  test('columns with their types, rows, and what was read', async () => {
    const { columns, rows, truncated, meta } = await run(
      'SELECT service, count() AS n FROM logs GROUP BY service ORDER BY n DESC',
    )
    expect(columns).toEqual([
      { name: 'service', type: 'LowCardinality(String)' },
      { name: 'n', type: 'UInt64' },
    ])
    expect(rows).toEqual([
      ['web', '20'],
      ['video', '10'],
    ])
    expect(truncated).toBe(false)
    expect(meta.rowsRead).toBeGreaterThanOrEqual(30)
  })

  test('no more rows than the limit', async () => {
    expect(await run('SELECT record_id FROM logs ORDER BY record_id', 7)).toMatchObject({
      rows: [['0'], ['1'], ['2'], ['3'], ['4'], ['5'], ['6']],
      truncated: true,
    })
    expect((await run('SELECT record_id FROM logs ORDER BY record_id LIMIT 5', 7)).truncated).toBe(false)
  })

  test.each([
    'SELECT count() FROM logs',
    'SELECT count() FROM burstlet.logs',
    'SELECT count() FROM logs AS spans',
    'SELECT count() FROM (SELECT * FROM logs)',
    'WITH x AS (SELECT * FROM logs) SELECT count() FROM x',
    'WITH logs AS (SELECT * FROM burstlet.logs) SELECT count() FROM logs',
    "SELECT count() FROM logs WHERE space IN ('default', 'foreign') OR 1",
    'SELECT sum(n) FROM (SELECT count() AS n FROM logs UNION ALL SELECT 0)',
    'SELECT count() FROM logs AS a JOIN logs AS b ON a.record_id = b.record_id',
    'SELECT countIf(record_id IN (SELECT record_id FROM burstlet.logs AS x)) FROM logs;',
    'SELECT count() FROM logs -- SETTINGS additional_table_filters = {}',
    'SELECT count() AS c$1$ FROM “logs” /* a /* b */ ; */;',
    "FROM logs SELECT argMax('30', time)",
  ])('%s: only rows of the tenant, and none past its time', async (query) => {
    expect((await run(query)).rows).toEqual([['30']])
  })
})

describe('refuses', () => {
  test.each([
    ["SELECT file('/etc/passwd')", 'function file'],
    ["SELECT * FROM url('http://127.0.0.1/')", 'function url'],
    ['SELECT * FROM system.tables', 'system.tables'],
    ['SELECT * FROM secrets', 'secrets may not be read'],
    ['SELECT * FROM migrations', 'migrations may not be read'],
    ['SELECT * FROM red_1m_view', 'red_1m_view may not be read'],
    ['SELECT 1 FROM logs WHERE body IN secrets', 'IN takes a list'],
    ['SELECT count() FROM logs SETTINGS additional_table_filters = {}', 'SETTINGS is not allowed'],
    ['SELECT 1 FORMAT JSON', 'FORMAT is not allowed'],
    ["SELECT * FROM merge('burstlet', 'logs')", 'merge'],
    ['DROP TABLE logs', 'only a SELECT'],
    ["INSERT INTO logs (body) SELECT 'x'", 'only a SELECT'],
    ['SELECT sleep(3)', 'function sleep'],
    ["SELECT ‘'’, file('/etc/passwd') -- '", 'function file'],
    ["SELECT 1 AS a$b$ INTO OUTFILE '/tmp/x' -- $b$", 'INTO OUTFILE is not allowed'],
    ['KILL QUERY WHERE 1', 'only a SELECT'],
    ["SELECT `a'b\n` FROM logs", 'a name may not hold'],
    ['SELECT 1 FROM logs SETTINGS readonly = 0', 'SETTINGS is not allowed'],
    ['SELECT * FROM (SELECT 1 SETTINGS readonly = 0)', 'SETTINGS is not allowed'],
    ['SELECT 1 PARALLEL WITH SELECT 2', 'more than one SELECT'],
    ['SELECT * EXCEPT body FROM logs', 'EXCEPT'],
    ['SELECT * FROM information_schema.tables', 'information_schema.tables'],
  ])('%s', async (query, reason) => {
    const problem = await problemOfPost(api.app, '/sql', { query })
    expect(problem).toMatchObject({ code: 'FORBIDDEN', errors: [{ path: 'query' }] })
    expect(problem.detail).toContain(reason)
  })

  test.each([
    ['SELECT count() FROM secrets', 21, 'There are spans, '],
    ['SELECT 1, sleep(3)', 11, undefined],
    ['SELECT FROM WHERE', 18, undefined],
  ])('%s, with where it stands', async (query, column, hint) => {
    const { errors, detail } = await problemOfPost(api.app, '/sql', { query })
    expect(errors).toMatchObject([{ path: 'query', column, ...(hint && { hint: expect.stringContaining(hint) }) }])
    expect(detail).not.toContain('TabSeparated')
  })

  test.each([
    ['SELECT * FRM logs', 14],
    ['SELECT servce FROM logs', 8],
    ['SELECT count( FROM logs', undefined],
    ['SELECT * FROM nothing', 15],
    ['SELECT 1; SELECT 2', 9],
    ['SELECT 1 AS a$b$; SELECT 2 -- $b$', 17],
    ["SELECT 'žluť', count( FROM logs", 21],
    ['SELECT *\nFRM logs', 14],
    [`SELECT ${'('.repeat(3000)}1${')'.repeat(3000)}`, undefined],
    ['SELECT {x:String}', undefined],
    ['SELECT 1 \0 2', 10],
  ])('%s, with the column of the fault', async (query, column) => {
    const { code, errors, detail } = await problemOfPost(api.app, '/sql', { query })
    expect(code).toBe('VALIDATION_ERROR')
    expect(errors![0]!.path).toBe('query')
    if (column) expect(errors![0]!.column, detail).toBe(column)
    expect(detail).not.toContain('version')
    expect(detail).not.toContain('EXPLAIN')
    expect(detail).not.toContain('formatQuery')
  })

  test('what stands in quotes is no function and no clause', async () => {
    expect((await run("SELECT 'merge( SETTINGS additional_table_filters = {}' AS a")).rows).toHaveLength(1)
  })

  test('a long text is read as a whole', async () => {
    const many = Array.from({ length: 9000 }, (_, n) => `'ž${n}'`).join(', ')
    expect((await run(`SELECT count() FROM logs WHERE body NOT IN (${many})`)).rows).toEqual([['30']])
  })

  test('the setting that narrows tables cannot be used to call what a statement may not', async () => {
    await expect(
      api.engine.everything.table({
        sql: 'SELECT count() FROM logs',
        settings: { additional_table_filters: `{'logs': 'file(''/etc/passwd'') = ''''' }` as never },
      }),
    ).rejects.toThrow('additional_table_filters')
  })
})

test('attributes are told apart by name, whatever is escaped in it', async () => {
  const attributes = async (name: string) => {
    const sql = `SELECT map('first', 1, {name:String}, 2) AS attributes`
    const [row] = await api.engine.everything.query<{ attributes: object }>({ sql, params: { name } })
    return row!.attributes
  }
  for (const name of ['\\', '/', '\\', '\n', '\\', '\u0001', '\\', '"']) {
    expect(await attributes(name)).toEqual([
      ['first', 1],
      [name, 2],
    ])
  }
})
