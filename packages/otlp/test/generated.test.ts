import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileDecoder } from '../scripts/compiler.ts'
import { generateMessages } from '../scripts/messages.ts'
import { generateTables } from '../scripts/tables.ts'

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url))

test('the AssemblyScript side has the columns and messages of the TypeScript side', () => {
  expect(read('assembly/generated/tables.ts').toString()).toBe(generateTables())
  expect(read('assembly/generated/messages.ts').toString()).toBe(generateMessages())
})

test('the committed module is that of the sources', async () => {
  expect(Buffer.compare(read('src/generated/decoder.wasm'), await compileDecoder())).toBe(0)
})
