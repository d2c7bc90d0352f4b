import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CanonicalRow, canonicalQuery, canonicalSql } from '../src/sql/canonical-query.ts'
import { vetQueryTree } from '../src/sql/vet-query.ts'
import { oneValue, type RunningServer, startServer } from './running-server.ts'

let running: RunningServer
beforeAll(async () => {
  running = await startServer()
  await running.writer.command({
    query: 'CREATE TABLE t (n UInt64, s String, m Map(String, String)) ENGINE = MergeTree ORDER BY n',
  })
})
afterAll(() => running.stop())

/** As the product does it; gives what may run. */
async function vet(text: string): Promise<string> {
  const answer = await running.reader.query({ query: canonicalSql, query_params: { text }, format: 'JSONEachRow' })
  const canonical = canonicalQuery((await answer.json<CanonicalRow>())[0]!)
  vetQueryTree(await oneValue(running.reader, `EXPLAIN AST ${canonical}`), {
    database: 'test',
    hiddenTables: new Set(['hidden']),
  })
  return canonical
}

describe('runs', () => {
  test.each([
    'SELECT * FROM t',
    "SELECT count(), quantile(0.99)(n) AS p99 FROM test.t WHERE s LIKE '%x%' GROUP BY s HAVING count() > 1 ORDER BY p99 DESC LIMIT 5",
    "SELECT m['k'], n::Int8, CAST(n AS String), CASE WHEN n > 1 THEN 'a' ELSE 'b' END FROM t",
    'WITH x AS (SELECT n FROM t) SELECT a.n FROM x AS a JOIN t AS b ON a.n = b.n WHERE a.n IN (SELECT n FROM t) AND a.n IN (1, 2)',
    'SELECT toStartOfInterval(now() - INTERVAL 1 HOUR, INTERVAL 1 MINUTE), arrayMap(x -> x + 1, [1, 2])',
    'SELECT sum(n) OVER (PARTITION BY s ORDER BY n) FROM t UNION ALL SELECT 1',
    "SELECT 'file(; SETTINGS FORMAT INTO' -- file('/etc/passwd')",
    'SELECT `žluť` FROM (SELECT 1 AS `žluť`)',
    'SELECT argMin(s, n), argMax(s, n) FROM t',
    'SELECT 1 AS a$b$, $x$ ; file( $x$, ‘file(’ AS “c”; -- $b$',
    'FROM t SELECT TOP 3 n /* a /* b */ c */',
  ])('%s', async (text) => {
    expect((await running.post(await vet(text))).status).toBe(200)
  })
})

describe('does not run', () => {
  test.each([
    ["SELECT file('/etc/passwd')", 'function file'],
    ["SELECT * FROM url('http://127.0.0.1/')", 'function url'],
    ["SELECT `fi\\le`('/etc/passwd')", 'backslash'],
    ['SELECT * APPLY(file) FROM t', 'APPLY'],
    ['SELECT * FROM system.tables', 'table system.tables'],
    ['SELECT * FROM hidden', 'hidden may not be read'],
    ['SELECT n FROM t WHERE n IN (SELECT n FROM test.hidden AS t)', 'hidden may not be read'],
    ['WITH t AS (SELECT 1) SELECT * FROM `hidden`', 'hidden may not be read'],
    ['SELECT `a\n   Literal 1` IN other FROM t', 'line break'],
    ['SELECT n FROM t WHERE n IN system.numbers', 'IN takes a list'],
    ['SELECT (n, 1) IN other FROM t', 'IN takes a list'],
    ["SELECT dictGet('d', 'a', 1)", 'function dictGet'],
    ["SELECT joinGet('a.b', 'c', 1)", 'function joinGet'],
    ['SELECT sleep(3)', 'function sleep'],
    ['SELECT n FROM numbers(10)', 'function numbers'],
    ["SELECT getSetting('max_threads')", 'function getSetting'],
    ['SELECT 1 SETTINGS max_threads = 1', 'SETTINGS is not allowed'],
    ['SELECT 1 FORMAT JSON', 'FORMAT is not allowed'],
    ["SELECT 1 INTO OUTFILE 'x'", 'INTO OUTFILE is not allowed'],
    ['SELECT 1; SELECT 2', 'Multi-statements'],
    ['DROP TABLE t', 'only a SELECT'],
    ['EXPLAIN SELECT 1', 'only a SELECT'],
    ['SHOW TABLES', 'only a SELECT'],
    ['', 'Empty query'],
    ['SELECT {x:String}', 'Substitution'],
    ['SELECT * FROM (EXPLAIN SELECT 1)', 'not allowed'],
  ])('%s', async (text, reason) => {
    await expect(vet(text)).rejects.toThrow(reason)
  })
})
