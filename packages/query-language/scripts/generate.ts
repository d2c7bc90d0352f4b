// Writes src/generated from the grammars. Run it after a change of one; a test compares the two.
import { readFileSync, writeFileSync } from 'node:fs'
import { generate, grammars } from './generator.ts'

const source = new URL('../src/', import.meta.url)
for (const name of grammars) {
  const { parser, terms } = generate(name, readFileSync(new URL(`${name}.grammar`, source), 'utf8'))
  writeFileSync(new URL(`generated/${name}.parser.ts`, source), parser)
  writeFileSync(new URL(`generated/${name}.terms.ts`, source), terms)
}
