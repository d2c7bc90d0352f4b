import { expect, test } from 'vitest'
import { readerOf } from '../src/storage/clickhouse/reader.ts'
import { allSpaces, spaceTables } from '../src/storage/clickhouse/space-filter.ts'
import { startedEngine } from './engine-and-api.ts'
import { receivedNow } from './rows/times.ts'

const started = startedEngine(async (engine) => {
  const start = new Date().toISOString().slice(0, 19).replace('T', ' ')
  const span = { received: receivedNow(), service: 'shop', name: 'work', start, kind: 2, status: 2 }
  const rows = (space: string, count: number) => Array.from({ length: count }, () => ({ space, ...span }))
  await engine.insert('spans', [...rows('a', 3), ...rows('b', 2)])
})

test('all tables and views with rows of spaces are known to the filter', async () => {
  const sql = `SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase() AND name = 'space' ORDER BY table`
  const found = await started.engine.everything.query<{ table: string }>({ sql })
  expect(found.map(({ table }) => table)).toEqual([...spaceTables].sort())
})

const statements = [
  'SELECT space FROM spans',
  "SELECT space FROM spans WHERE space = 'b' OR 1",
  'SELECT space FROM burstlet.spans AS logs',
  "SELECT space FROM spans PREWHERE service = 'shop' WHERE name = 'work'",
  'SELECT space FROM red_1m FINAL',
  'SELECT space FROM red_1m_view',
  'SELECT space FROM trace_index_view',
  'SELECT r.space AS space FROM spans AS l INNER JOIN spans AS r ON l.name = r.name',
  'SELECT r.space AS space FROM (SELECT 1 AS one) AS l CROSS JOIN spans AS r',
  'WITH each AS (SELECT space FROM spans) SELECT space FROM each UNION ALL SELECT space FROM red_service_1m',
  'SELECT arrayJoin((SELECT groupUniqArray(space) FROM spans)) AS space',
  "SELECT ['a', 'b'][number + 1] AS space FROM numbers(2) WHERE space IN (SELECT space FROM spans)",
  'SELECT any(space) AS space FROM spans GROUP BY trace_id, service ORDER BY space LIMIT 1 BY service',
]

test.each(statements)('a statement without a predicate reads the rows of its space: %s', async (sql) => {
  const { reader, everything } = started.engine
  const spaces = async (rows: Promise<{ space: string }[]>) => new Set((await rows).map(({ space }) => space))
  expect(await spaces(readerOf(reader, 'a').query({ sql }))).toEqual(new Set(['a']))
  expect(await spaces(readerOf(reader, 'b').query({ sql }))).toEqual(new Set(sql.includes("'b'") ? ['b'] : ['b']))
  expect(await spaces(readerOf(reader, 'nobody').query({ sql }))).toEqual(new Set())
  expect(await spaces(everything.query({ sql }))).toContain('a')
})

test('counts and estimates are of the space too, though the engine has them without reading', async () => {
  const own = readerOf(started.engine.reader, 'b')
  expect(await own.query({ sql: 'SELECT toUInt32(count()) AS n FROM spans' })).toEqual([{ n: 2 }])
  expect(await own.query({ sql: 'SELECT toUInt32(count()) AS n FROM trace_index_view' })).toEqual([{ n: 1 }])
  // What the engine remembers of a condition in one space holds in no other.
  const sql = "SELECT toUInt32(count()) AS n FROM spans PREWHERE name = 'work' WHERE status = 2"
  for (const [space, n] of [
    ['nobody', 0],
    ['a', 3],
    ['b', 2],
    ['nobody', 0],
    ['a', 3],
  ] as const) {
    expect(await readerOf(started.engine.reader, space).query({ sql })).toEqual([{ n }])
  }
})

test('the key of a table serves a statement that does not name the space', async () => {
  const sql = "EXPLAIN indexes = 1 SELECT name FROM spans WHERE service = 'shop'"
  const plan = await readerOf(started.engine.reader, 'a').query<{ explain: string }>({ sql })
  const text = plan.map(({ explain }) => explain).join('\n')
  expect(text).toMatch(/PrimaryKey\s+Keys:\s+space\s+service/)
  expect(text).toContain("(space in ['a', 'a'])")
})

test('who does not say whose rows are to be read reads none', async () => {
  const { reader } = started.engine
  await expect(reader.query({ sql: 'SELECT 1' })).rejects.toThrow('whose rows')
  const settings = { additional_table_filters: '{}' as never }
  expect(await readerOf(reader, 'b').query({ sql: 'SELECT DISTINCT space FROM spans', settings })).toEqual([
    { space: 'b' },
  ])
  expect(() => readerOf(readerOf(reader, 'b'), allSpaces).query({ sql: 'SELECT 1' })).toThrow('another space')
})
