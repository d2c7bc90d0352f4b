import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generate } from '../scripts/generator.ts'

test('the generated parser is that of the grammar', () => {
  const read = (name: string) => readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8')
  const { parser, terms } = generate(read('filter.grammar'))
  expect(read('generated/filter.parser.ts')).toBe(parser)
  expect(read('generated/filter.terms.ts')).toBe(terms)
})
