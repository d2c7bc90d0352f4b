import { describe, expect, it } from 'vitest'
import { GrowingBytes } from './growing-bytes.ts'
import { GrowingWords } from './growing-words.ts'

const large = new Uint8Array(8 * 1024 * 1024)

describe('a buffer after one giant batch', () => {
  it('is kept for the next, and given back after some small ones', () => {
    const bytes = new GrowingBytes()
    const words = new GrowingWords()
    bytes.append(large, 0, large.length)
    words.extend(large.length)
    bytes.clear()
    words.clear()
    expect(bytes.bytes.length).toBeGreaterThanOrEqual(large.length)
    expect(words.words.length).toBeGreaterThanOrEqual(large.length)
    for (let batch = 0; batch < 20; batch++) {
      bytes.append(large, 0, 1000)
      words.extend(250)
      bytes.clear()
      words.clear()
    }
    expect(bytes.bytes.length).toBeLessThan(100_000)
    expect(words.words.byteLength).toBeLessThan(100_000)
  })

  it('stays while batches fill a good part of it', () => {
    const bytes = new GrowingBytes()
    bytes.append(large, 0, large.length)
    for (let batch = 0; batch < 100; batch++) {
      bytes.clear()
      bytes.append(large, 0, large.length / 2)
    }
    expect(bytes.bytes.length).toBeGreaterThanOrEqual(large.length)
  })
})
