import { expect, it } from 'vitest'
import { Fingerprints } from './fingerprint.ts'

it('tells spaces, signals and bodies apart', () => {
  const key = new Fingerprints('0123456789abcdef0123456789abcdef')
  const keys = [
    key.of('default', 'logs', Buffer.from('x')),
    key.of('other', 'logs', Buffer.from('x')),
    key.of('default', 'traces', Buffer.from('x')),
    key.of('default', 'logs', Buffer.from('y')),
    key.of('default', 'logs', Buffer.alloc(0)),
    new Fingerprints('f'.repeat(32)).of('default', 'logs', Buffer.from('x')),
  ]
  expect(new Set(keys).size).toBe(keys.length)
  expect(key.of('default', 'logs', Buffer.from('x'))).toBe(keys[0])
})
