import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import { tailWithChecksum, withBitTurned } from './crc32-search.ts'

it('turns the bit back that was flipped, wherever it was', () => {
  const bytes = randomBytes(300)
  for (let bit = 0; bit < bytes.length * 8; bit += 7) {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(withBitTurned(flipped, crc32(bytes))).toEqual(bytes)
  }
})

it('turns nothing when more is wrong', () => {
  const bytes = randomBytes(300)
  const crc = crc32(bytes)
  bytes.fill(0, 10, 20)
  expect(withBitTurned(bytes, crc)).toBeUndefined()
})

it('finds the tail that has a checksum', () => {
  const bytes = randomBytes(5000)
  for (const start of [0, 1, 2500, 4999]) {
    expect(tailWithChecksum(bytes, crc32(bytes.subarray(start)))).toBe(start)
  }
  expect(tailWithChecksum(bytes, 12345)).toBeUndefined()
})
