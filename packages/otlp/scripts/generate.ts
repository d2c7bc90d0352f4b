// Writes assembly/generated and src/generated. Run it after a change of the AssemblyScript sources, of the columns or of
// the messages; a test compares.
import { writeFileSync } from 'node:fs'
import { compileDecoder } from './compiler.ts'
import { generateMessages } from './messages.ts'
import { generateTables } from './tables.ts'

const write = (name: string, contents: string | Uint8Array) =>
  writeFileSync(new URL(`../${name}`, import.meta.url), contents)

write('assembly/generated/tables.ts', generateTables())
write('assembly/generated/messages.ts', generateMessages())
write('src/generated/decoder.wasm', await compileDecoder())
