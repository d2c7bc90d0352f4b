import { expect, it } from 'vitest'
import { KeyRing } from './key-ring.ts'

it('knows the configured keys and no other', () => {
  const keys = new KeyRing({ ingestKey: 'i'.repeat(32), adminKey: 'a'.repeat(32) })
  expect(keys.ingestKeyOf(`Bearer ${'i'.repeat(32)}`)).toEqual({ name: 'ingest', space: 'default' })
  expect(keys.ingestKeyOf(`Bearer ${'a'.repeat(32)}`)).toEqual({ name: 'admin', space: 'default' })
  expect(keys.ingestKeyOf(`Bearer ${'i'.repeat(31)}`)).toBeUndefined()
  expect(keys.apiSpaceOf(`Bearer ${'a'.repeat(32)}`)).toBe('default')
  for (const other of [`Bearer ${'i'.repeat(32)}`, undefined, 'Basic YQ=='])
    expect(keys.apiSpaceOf(other)).toBeUndefined()
  expect(new KeyRing({}).apiSpaceOf('Bearer undefined')).toBeUndefined()
})

it('knows the space of each key', () => {
  const ingestKeys = ['a', 'b'].map((space) => ({ key: space.repeat(32), name: `key of ${space}`, space }))
  const keys = new KeyRing({ ingestKeys })
  expect(keys.asksForIngestKey).toBe(true)
  expect(keys.ingestKeyOf(`Bearer ${'b'.repeat(32)}`)).toEqual({ name: 'key of b', space: 'b' })
  expect(keys.ingestKeyOf(`Bearer ${'c'.repeat(32)}`)).toBeUndefined()
})
