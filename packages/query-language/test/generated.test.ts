import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { generate, grammars } from '../scripts/generator.ts'

test.each(grammars)('the generated parser is that of %s.grammar', (name) => {
  const read = (file: string) => readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')
  const { parser, terms } = generate(name, read(`${name}.grammar`))
  expect(read(`generated/${name}.parser.ts`)).toBe(parser)
  expect(read(`generated/${name}.terms.ts`)).toBe(terms)
})
