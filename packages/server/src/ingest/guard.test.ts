import { describe, expect, it } from 'vitest'
import { KeyRing } from '../access/key-ring.ts'
import { guardIngest } from './guard.ts'

const open = { keys: new KeyRing({}), corsOrigins: [] }
const key = 'k'.repeat(32)
const keyed = { keys: new KeyRing({ ingestKey: key }), corsOrigins: ['https://shop.example'] }

describe('guardIngest without a key', () => {
  it.each(['localhost:4318', '127.0.0.1:4318', '[::1]:4318'])('lets %s in', (host) => {
    expect(() => guardIngest({ headers: { host } }, open)).not.toThrow()
  })
  it.each([undefined, 'evil.example', 'localhost.evil.example:4318'])('refuses Host %s (a rebound name)', (host) => {
    expect(() => guardIngest({ headers: host === undefined ? {} : { host } }, open)).toThrow(/not this machine/)
  })
  it('refuses a foreign page, also one that hides its origin', () => {
    const host = 'localhost:4318'
    expect(() => guardIngest({ headers: { host, origin: 'https://evil.example' } }, open)).toThrow(/may not send/)
    expect(() => guardIngest({ headers: { host, origin: 'null' } }, open)).toThrow(/may not send/)
    expect(() => guardIngest({ headers: { host, 'sec-fetch-site': 'cross-site' } }, open)).toThrow(/may not send/)
  })
})

describe('guardIngest with a key', () => {
  const host = 'monitoring.example'
  it('asks for it', () => {
    expect(() => guardIngest({ headers: { host } }, keyed)).toThrow(/ingest key is needed/)
    expect(() => guardIngest({ headers: { host, authorization: `Bearer ${key}x` } }, keyed)).toThrow(
      /ingest key is needed/,
    )
    expect(() => guardIngest({ headers: { host, authorization: `Bearer ${key}` } }, keyed)).not.toThrow()
  })
  it('lets a configured origin send', () => {
    const headers = { host, authorization: `bearer ${key}`, 'sec-fetch-site': 'cross-site' as const }
    expect(() => guardIngest({ headers: { ...headers, origin: 'https://shop.example' } }, keyed)).not.toThrow()
    expect(() => guardIngest({ headers: { ...headers, origin: 'https://other.example' } }, keyed)).toThrow(
      /may not send/,
    )
  })
})
