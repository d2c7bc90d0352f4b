import { expect, it } from 'vitest'
import { readMigrations, repeatable, splitStatements } from './migrate.ts'

it('splits statements and leaves comments out', () => {
  expect(splitStatements('-- one;\nSELECT 1;\n\n-- two\nSELECT\n  2;\n')).toEqual(['SELECT 1', 'SELECT\n  2'])
})

it('makes every statement of every migration safe to send twice', () => {
  const statements = readMigrations().flatMap((migration) => migration.statements)
  expect(statements.length).toBeGreaterThan(10)
  for (const statement of statements) {
    // To modify a column or a setting twice is the same as once; of several times to count from, the last holds.
    const allowed = /IF (NOT )?EXISTS|^ALTER TABLE \w+\s+MODIFY (COLUMN|SETTING) |^INSERT INTO counted_since\b/
    expect(repeatable(statement)).toMatch(allowed)
    expect(repeatable(statement)).not.toMatch(/\b(ADD|DROP) (COLUMN|INDEX) (?!IF )/)
  }
})

it('gives every migration a number of its own', () => {
  const numbers = readMigrations().map((migration) => Number(migration.name.slice(0, 4)))
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
  expect(numbers[0]).toBe(1)
})
