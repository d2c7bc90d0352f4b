import { expect, it } from 'vitest'
import { mustNameTables, spaceFilter } from './space-filter.ts'

it('narrows every table, also by what else is asked for', () => {
  const filter = spaceFilter('a-1', { logs: "day >= toDate('2026-01-01')" })
  expect(filter).toContain(`'spans': 'space = ''a-1'''`)
  expect(filter).toContain(`'logs': 'space = ''a-1'' AND (day >= toDate(''2026-01-01''))'`)
})

it.each(['', "x' OR 1", 'x\\', 'a--b', 'a/*', '{a:String}', 'é', 'a b', '-a', 'x\n', 'a'.repeat(129)])(
  'takes %j for no name of a space',
  (space) => {
    expect(() => spaceFilter(space)).toThrow('no name of a space')
  },
)

it.each([
  "SELECT 1 FROM merge('burstlet', '^spans$')",
  'SELECT 1 FROM logs SETTINGS additional_table_filters = {}',
  'SELECT 1 FROM Merge ( x )',
  "SELECT * FROM remote('h', a.b)",
])('refuses what gets round the filter: %s', (sql) => {
  expect(() => mustNameTables(sql)).toThrow('by their names only')
})

it('takes functions with such names for what they are', () => {
  expect(() => mustNameTables('SELECT sumMerge(a), uniqMerge(b), clusterOf(c) FROM logs')).not.toThrow()
})
