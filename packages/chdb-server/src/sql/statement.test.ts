import { describe, expect, test } from 'vitest'
import { parseStatement } from './statement.ts'

const kindOf = (text: string) => parseStatement(text).kind

describe('kinds', () => {
  test.each([
    ['SELECT 1', 'select'],
    ['  -- a comment\n/* another */ # one more\n select 1', 'select'],
    ['((SELECT 1) UNION ALL (SELECT 2))', 'select'],
    ['WITH 1 AS x SELECT x', 'select'],
    ['FROM t SELECT x', 'select'],
    ['show tables', 'read'],
    ['EXPLAIN SELECT 1', 'read'],
    ['KILL QUERY WHERE 1', 'kill'],
    ['CREATE TABLE t (format String) ENGINE = Memory', 'command'],
    ['INSERT INTO t SELECT 1', 'command'],
    ['INSERT INTO t (a, b) (SELECT 1, 2)', 'command'],
    ['INSERT INTO t VALUES (1)', 'insert'],
    ['INSERT t FORMAT CSV', 'insert'],
  ])('%s', (text, kind) => {
    expect(kindOf(text)).toBe(kind)
  })

  test.each(['', '  ', '-- nothing', ';'])('%j is no statement', (text) => {
    expect(() => parseStatement(text)).toThrow('Empty query')
  })
})

describe('the format of an answer', () => {
  test.each([
    ['SELECT 1 FORMAT JSON', 'JSON'],
    ['SELECT 1\nFORMAT\tJSONEachRow ; ', 'JSONEachRow'],
    ['SELECT 1 FORMAT CSV SETTINGS max_threads = 1', 'CSV'],
    ['SELECT 1 AS format', undefined],
    ["SELECT 'x FORMAT JSON'", undefined],
    ['SELECT 1 -- FORMAT JSON', undefined],
    ['SELECT $$ FORMAT JSON $$', undefined],
    ['SELECT format FROM t', undefined],
    ['SELECT `a FORMAT b`', undefined],
  ])('%s', (text, format) => {
    expect(parseStatement(text)).toMatchObject({ kind: 'select', format })
  })
})

describe('where the data of an INSERT starts', () => {
  test.each([
    ['INSERT INTO t FORMAT CSV\n1,2', 'INSERT INTO t ', 'CSV', '1,2'],
    ['INSERT INTO t FORMAT CSV \r\n1,2', 'INSERT INTO t ', 'CSV', '1,2'],
    ['INSERT INTO t FORMAT Native\n\n\x01', 'INSERT INTO t ', 'Native', '\n\x01'],
    ['INSERT INTO t VALUES (1)', 'INSERT INTO t ', 'Values', ' (1)'],
    ['INSERT INTO t', 'INSERT INTO t', undefined, ''],
    ['INSERT INTO `a;b`.values (format, `select`) SETTINGS x = 1 FORMAT TSV\nFORMAT', undefined, 'TSV', 'FORMAT'],
    ['INSERT INTO t (a, (b)) -- VALUES\n VALUES(2)', undefined, 'Values', '(2)'],
    ["INSERT INTO TABLE FUNCTION null('a Int8') VALUES (1)", undefined, 'Values', ' (1)'],
  ])('%j', (text, head, format, data) => {
    const statement = parseStatement(text)
    if (statement.kind !== 'insert') throw new Error(statement.kind)
    expect(statement.format).toBe(format)
    expect(text.slice(statement.dataStart)).toBe(data)
    if (head !== undefined) expect(text.slice(0, statement.headEnd)).toBe(head)
  })
})

describe('several statements', () => {
  test.each([
    'SELECT 1; SELECT 2',
    'SELECT 1;;DROP TABLE t',
    'EXPLAIN AST SELECT 1; SELECT 2',
    'INSERT INTO t SELECT 1; DROP TABLE t',
  ])('%s is refused', (text) => {
    expect(() => parseStatement(text)).toThrow('Multi-statements are not allowed')
  })

  test.each(["SELECT ';'", 'SELECT 1 -- ; DROP', 'SELECT 1;', 'SELECT 1 ; ; '])('%s is one', (text) => {
    expect(kindOf(text)).toBe('select')
  })

  test('an unclosed quote hides nothing', () => {
    expect(kindOf("SELECT 'a")).toBe('select') // the engine tells what is wrong
    expect(() => parseStatement("SELECT 'a\\\\'; DROP TABLE t")).toThrow('Multi-statements')
  })
})
