import { expect, it } from 'vitest'
import { BodyMemory } from './body-memory.ts'

it('keeps what arrives in pieces, beyond what was announced too', () => {
  const memory = new BodyMemory(10_000_000, 5_000_000)
  const body = memory.arriving(10)
  const sent = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251))
  for (let at = 0; at < sent.length; at += 7001) body.append(sent.subarray(at, at + 7001))
  expect(Buffer.compare(body.bytes, sent)).toBe(0)
  expect(memory.used).toBe(sent.length)
  body.release()
  expect(memory.used).toBe(0)
})

it('uses memory again, which threads can share', () => {
  const memory = new BodyMemory(10_000_000, 5_000_000)
  const first = memory.arriving(100)
  first.append(Buffer.from('first'))
  const { buffer } = first.bytes
  expect(buffer).toBeInstanceOf(SharedArrayBuffer)
  const beside = memory.arriving(100)
  beside.append(Buffer.from('beside'))
  expect(beside.bytes.buffer).not.toBe(buffer)
  first.release()
  const next = memory.arriving(100)
  next.append(Buffer.from('next'))
  expect(next.bytes.buffer).toBe(buffer)
  expect(Buffer.from(next.bytes).toString()).toBe('next')
})

it('refuses what is too large for a body, and what is too much for all of them', () => {
  const memory = new BodyMemory(1000, 500)
  expect(() => memory.arriving().append(Buffer.alloc(501))).toThrow(/500 bytes/)
  memory.arriving().append(Buffer.alloc(500))
  memory.arriving().append(Buffer.alloc(400))
  expect(() => memory.arriving().append(Buffer.alloc(101))).toThrow(/Too many bytes/)
})
