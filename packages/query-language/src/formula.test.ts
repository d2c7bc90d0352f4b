import { expect, test } from 'vitest'
import { evaluate, formulaLimits, namesIn, parseFormula } from './formula.ts'

const values: Record<string, number | null> = { a: 6, b: 3, c: 0, none: null }
const value = (text: string) => evaluate(parseFormula(text), (name) => values[name] ?? null)

test.each([
  ['a', 6],
  ['a / b', 2],
  ['a - b - 1', 2],
  ['a - (b - 1)', 4],
  ['a + b * 2', 12],
  ['(a + b) * 2', 18],
  ['a / b / 2', 1],
  ['-a + b', -3],
  ['- -a', 6],
  ['a--b', 9],
  ['1.5e2 + .5', 150.5],
  ['a / c', null],
  ['c / c', null],
  ['a + none', null],
  ['-none', null],
  ['coalesce(none, a)', 6],
  ['coalesce(none, none)', null],
  ['max(a, b, 7)', 7],
  ['min(a, none)', null],
  ['round(a / 4)', 2],
  ['sqrt(-1)', null],
  ['abs(b - a)', 3],
])('%s = %s', (text, expected) => expect(value(text)).toBe(expected))

test('names are found with their columns', () => {
  expect(namesIn(parseFormula('a / (b + max(a, 2))'))).toMatchObject([
    { name: 'a', column: 1 },
    { name: 'b', column: 6 },
    { name: 'a', column: 14 },
  ])
})

test.each([
  ['', /column 1/],
  ['a +', /column 4\)\. Something has to follow \+/],
  ['a b', /"b" is not expected here \(column 3\)/],
  ['(a', /closing \)/],
  ['a)', /No \( is open/],
  ['pow(a, 2)', /no function pow \(column 1\)/],
  ['rond(a)', /Did you mean round/],
  ['abs(a, b)', /abs takes 1 arguments, not 2/],
  ['a; process.exit()', /column 2/],
  ['constructor(1)', /no function constructor/],
  ['a'.repeat(formulaLimits.length + 1), /at most/],
  ['1+'.repeat(300) + 1, /parts/],
])('%s is refused', (text, message) => expect(() => parseFormula(text)).toThrow(message))
