import { afterAll, beforeAll, expect, test } from 'vitest'
import { oneValue, type RunningServer, startServer } from './running-server.ts'

let running: RunningServer
beforeAll(async () => {
  running = await startServer()
})
afterAll(() => running.stop())

const command = (query: string) => running.writer.command({ query })

test('a life of a table with its view', async () => {
  await command(
    'CREATE TABLE visits (at DateTime, page String, n UInt64) ENGINE = MergeTree PARTITION BY toDate(at) ORDER BY (page, at) TTL at + INTERVAL 7 DAY SETTINGS ttl_only_drop_parts = 1',
  )
  await command('CREATE TABLE pages (page String, n UInt64) ENGINE = SummingMergeTree ORDER BY page')
  await command('CREATE MATERIALIZED VIEW pages_view TO pages AS SELECT page, sum(n) AS n FROM visits GROUP BY page')
  await running.writer.insert({
    table: 'visits',
    values: [{ at: Math.floor(Date.now() / 1000), page: '/', n: 2 }],
    format: 'JSONEachRow',
  })
  await command("INSERT INTO visits SELECT now(), '/', number FROM numbers(4)")
  expect(await oneValue(running.writer, "SELECT sum(n) FROM pages WHERE page = '/'")).toBe('8')

  await command('ALTER TABLE visits MODIFY TTL at + INTERVAL 30 DAY')
  expect(await oneValue(running.writer, 'SHOW CREATE TABLE visits')).toContain('toIntervalDay(30)')
  await command('ALTER TABLE visits ADD COLUMN agent LowCardinality(String)')
  expect(await oneValue(running.writer, 'DESCRIBE visits')).toContain('agent\tLowCardinality(String)')
  await command('OPTIMIZE TABLE visits FINAL')
  expect(await oneValue(running.writer, "SELECT count() FROM system.parts WHERE table = 'visits' AND active")).toBe('1')
  expect(await oneValue(running.writer, "EXPLAIN indexes = 1 SELECT count() FROM visits WHERE page = '/x'")).toContain(
    'PrimaryKey',
  )
  expect(await oneValue(running.writer, 'SHOW TABLES')).toBe('pages\npages_view\nvisits')

  await command("ALTER TABLE visits DROP PARTITION ID 'all'").catch(() => {})
  await command('TRUNCATE TABLE visits')
  await command('RENAME TABLE pages TO old_pages')
  await command('DROP TABLE pages_view')
  expect(await oneValue(running.writer, 'EXISTS TABLE old_pages')).toBe('1')
})

test('a mutation ends when it is waited for', async () => {
  await command('CREATE TABLE changed (n UInt64) ENGINE = MergeTree ORDER BY n')
  await command('INSERT INTO changed SELECT number FROM numbers(10)')
  await running.writer.command({
    query: 'ALTER TABLE changed DELETE WHERE n >= 3',
    clickhouse_settings: { mutations_sync: '1' },
  })
  expect(await oneValue(running.writer, 'SELECT count() FROM changed')).toBe('3')
})

test('system tables and what the engine is', async () => {
  expect(
    await oneValue(running.writer, "SELECT value FROM system.merge_tree_settings WHERE name = 'fsync_after_insert'"),
  ).toBe('1')
  expect(await oneValue(running.writer, 'SELECT version()')).toBe(running.server.version)
  expect(await oneValue(running.writer, 'SELECT currentDatabase()')).toBe('test')
  expect(await oneValue(running.writer, "SELECT engine FROM system.databases WHERE name = 'test'")).toBe('Atomic')
})

test('exec hands out the raw stream', async () => {
  const { stream, query_id } = await running.writer.exec({ query: 'SELECT 1 FORMAT CSV', query_id: 'raw' })
  let text = ''
  for await (const piece of stream) text += String(piece)
  expect([text, query_id]).toEqual(['1\n', 'raw'])
})

test('a statement of the write kind runs while its table is read', async () => {
  await command('CREATE TABLE busy (n UInt64) ENGINE = MergeTree ORDER BY n')
  await command('INSERT INTO busy SELECT number FROM numbers(1000000)')
  const result = await running.writer.query({ query: 'SELECT n FROM busy', format: 'JSONEachRow' })
  await command('DROP TABLE busy')
  let rows = 0
  for await (const piece of result.stream()) rows += piece.length
  expect(rows).toBe(1_000_000)
})
