// Writes src/generated from src/filter.grammar. Run it after a change of the grammar; a test compares the two.
import { readFileSync, writeFileSync } from 'node:fs'
import { generate } from './generator.ts'

const source = new URL('../src/', import.meta.url)
const { parser, terms } = generate(readFileSync(new URL('filter.grammar', source), 'utf8'))
writeFileSync(new URL('generated/filter.parser.ts', source), parser)
writeFileSync(new URL('generated/filter.terms.ts', source), terms)
