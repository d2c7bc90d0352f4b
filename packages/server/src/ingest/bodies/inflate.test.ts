import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BodyMemory } from './body-memory.ts'
import { inflateBody } from './inflate.ts'
import { InflatingBodies } from './inflating-bodies.ts'

const maxBodyBytes = 64 * 1024 * 1024
const compress = { gzip: gzipSync, deflate: deflateSync, zstd: zstdCompressSync }

describe.each(['gzip', 'deflate', 'zstd'] as const)('%s', (compression) => {
  const inflate = async (sent: Uint8Array) => {
    const memory = new BodyMemory(maxBodyBytes * 2, maxBodyBytes)
    const into = memory.arriving()
    await new InflatingBodies().inflate(compression, sent, into)
    return Buffer.from(into.bytes)
  }

  it('gives what was compressed, at once and in pieces', async () => {
    const content = Buffer.from('what is said '.repeat(100_000))
    const sent = compress[compression](content)
    expect(Buffer.from(inflateBody(compression, sent, maxBodyBytes)).equals(content)).toBe(true)
    expect((await inflate(sent)).equals(content)).toBe(true)
  })

  it('may become 4 MiB always, and beyond 256 times what was sent', async () => {
    const small = compress[compression](Buffer.alloc(4 * 1024 * 1024))
    expect(inflateBody(compression, small, maxBodyBytes)).toHaveLength(4 * 1024 * 1024)
    const bomb = compress[compression](Buffer.alloc(32 * 1024 * 1024))
    expect(() => inflateBody(compression, bomb, maxBodyBytes)).toThrow(/is what \d+ bytes may become/)
    await expect(inflate(bomb)).rejects.toThrow(/is what \d+ bytes may become/)
  })

  it('is not taken when it is cut off', async () => {
    const sent = compress[compression](Buffer.from('what is said '.repeat(1000))).subarray(0, -5)
    expect(() => inflateBody(compression, sent, maxBodyBytes)).toThrow(/not valid/)
    await expect(inflate(sent)).rejects.toMatchObject({ httpStatus: 400 })
  })
})

it('does not take memory for a window that no sender needs', () => {
  // A zstd frame that asks for a window of 128 MiB: magic number, no flags, exponent 17.
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 17 << 3, 1, 0, 0])
  expect(() => inflateBody('zstd', frame, maxBodyBytes)).toThrow(/not valid zstd/)
})
