import { expect, it } from 'vitest'
import { KeyRing } from './key-ring.ts'

it('knows the configured keys and no other', () => {
  const keys = new KeyRing({ ingestKey: 'i'.repeat(32), adminKey: 'a'.repeat(32) })
  expect(keys.ingestKeyName(`Bearer ${'i'.repeat(32)}`)).toBe('ingest')
  expect(keys.ingestKeyName(`Bearer ${'a'.repeat(32)}`)).toBe('admin')
  expect(keys.isAdmin(`Bearer ${'i'.repeat(32)}`)).toBe(false)
  expect(keys.isAdmin(undefined)).toBe(false)
  expect(keys.isAdmin('Basic YQ==')).toBe(false)
  expect(new KeyRing({}).isAdmin('Bearer undefined')).toBe(false)
})
