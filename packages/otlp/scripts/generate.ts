// Writes assembly/generated and src/generated. Run it after a change of the AssemblyScript sources, of the columns or of
// the messages; a test compares.
import { writeFileSync } from 'node:fs'
import { generateTables } from './generator.ts'
import { compileDecoder } from './compiler.ts'
import { generateMessages } from './messages.ts'

writeFileSync(new URL('../assembly/generated/tables.ts', import.meta.url), generateTables())
writeFileSync(new URL('../assembly/generated/messages.ts', import.meta.url), generateMessages())
writeFileSync(new URL('../src/generated/decoder.wasm', import.meta.url), await compileDecoder())
