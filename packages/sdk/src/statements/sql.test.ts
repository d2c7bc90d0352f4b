import { describe, expect, it } from 'vitest'
import { withoutLiterals } from './sql.ts'
import { summarizeSql } from './summary.ts'

describe('withoutLiterals', () => {
  it.each([
    [
      "SELECT * FROM users WHERE email = 'ann@example.com' AND age > 42",
      'SELECT * FROM users WHERE email = ? AND age > ?',
    ],
    ["INSERT INTO t VALUES ('it''s', 1.5e3, -7, x'ff', 0x1F)", 'INSERT INTO t VALUES (?, ?, ?, ?, ?)'],
    [
      'SELECT a1, "col 2", `c3` FROM t2 WHERE id = ? AND x = :name1 AND y = $2',
      'SELECT a1, "col 2", `c3` FROM t2 WHERE id = ? AND x = :name1 AND y = $2',
    ],
    ["SELECT 'unfinished secret", 'SELECT ?'],
    ["SELECT 1 -- password 'x'\n FROM t /* 'y' */ WHERE b = '-- no comment'", 'SELECT ? FROM t WHERE b = ?'],
  ])('%s', (sql, expected) => {
    expect(withoutLiterals(sql, 'sqlite')).toBe(expected)
  })

  it('is bounded', () => {
    expect(withoutLiterals(`SELECT ${'a, '.repeat(10_000)}`).length).toBeLessThanOrEqual(4096)
  })
})

describe('summarizeSql', () => {
  it.each([
    ['select * from "Videos" v', { operation: 'SELECT', collection: 'Videos' }],
    ['INSERT INTO main.videos VALUES (1)', { operation: 'INSERT', collection: 'main.videos' }],
    ['update videos set a = 1', { operation: 'UPDATE', collection: 'videos' }],
    ['CREATE TABLE IF NOT EXISTS jobs (id)', { operation: 'CREATE', collection: 'jobs' }],
    ['PRAGMA journal_mode', { operation: 'PRAGMA' }],
    ['-- note\nDELETE FROM jobs', { operation: 'DELETE', collection: 'jobs' }],
    ['', { operation: 'QUERY' }],
  ])('%s', (sql, expected) => {
    expect(summarizeSql(withoutLiterals(sql, 'sqlite'))).toEqual(expected)
  })
})
