import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { KeyRing } from './key-ring.ts'
import { Tokens } from './tokens.ts'

const tokens = new Tokens(randomBytes(32))

it('takes its own tokens for their own use only', async () => {
  const session = await tokens.issue('session')
  expect(await tokens.isValid('session', session)).toBe(true)
  expect(await tokens.isValid('sign-in', session)).toBe(false)
  expect(await new Tokens(randomBytes(32)).isValid('session', session)).toBe(false)
})

it('refuses expired, altered, unsigned and absent tokens', async () => {
  const old = await tokens.issue('sign-in', Date.now() - 2 * 24 * 3600_000)
  const session = await tokens.issue('session')
  const [head, body] = session.split('.')
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
  for (const token of [old, `${session.slice(0, -4)}AAAA`, `${head}.${body}.`, unsigned, '', undefined]) {
    expect(await tokens.isValid('session', token)).toBe(false)
    expect(await tokens.isValid('sign-in', token)).toBe(false)
  }
})

it('knows the configured keys and no other', () => {
  const keys = new KeyRing({ ingestKey: 'i'.repeat(32), adminKey: 'a'.repeat(32) })
  expect(keys.ingestKeyName(`Bearer ${'i'.repeat(32)}`)).toBe('ingest')
  expect(keys.ingestKeyName(`Bearer ${'a'.repeat(32)}`)).toBe('admin')
  expect(keys.isAdmin(`Bearer ${'i'.repeat(32)}`)).toBe(false)
  expect(keys.isAdmin(undefined)).toBe(false)
  expect(keys.isAdmin('Basic YQ==')).toBe(false)
  expect(new KeyRing({}).isAdmin('Bearer undefined')).toBe(false)
})
