import { describe, expect, it } from 'vitest'
import { Hash64 } from './hash.ts'

const hash = (text: string, seed = 1) => {
  const { low, high } = new Hash64().begin(seed).text(text).finish()
  return `${low},${high}`
}

describe('Hash64', () => {
  it('stays what it is from release to release, since hashes are stored', () => {
    expect(hash('')).toBe('-1867736136,473495412')
    expect(hash('service.name')).toBe('-288261877,-680806628')
  })

  it('tells neighbours apart', () => {
    const both = (a: string, b: string) => {
      const { low, high } = new Hash64().begin(1).text(a).text(b).finish()
      return `${low},${high}`
    }
    expect(new Set([both('ab', 'c'), both('a', 'bc'), both('abc', ''), both('', 'abc')]).size).toBe(4)
    expect(hash('a\0')).not.toBe(hash('a'))
    expect(hash('a', 2)).not.toBe(hash('a', 1))
  })

  it('has no collisions, and in no half more than chance gives', () => {
    const whole = new Set<string>()
    const lows = new Set<number>()
    const highs = new Set<number>()
    const count = 300_000
    const state = new Hash64()
    for (let i = 0; i < count; i++) {
      const { low, high } = state
        .begin(1)
        .word(i & 7)
        .word(i >>> 3)
        .finish()
      whole.add(`${low},${high}`)
      lows.add(low)
      highs.add(high)
    }
    expect(whole.size).toBe(count)
    // Two of n in 2^32 meet n²/2^33 times: about 10 of 300,000.
    expect(count - lows.size).toBeLessThan(40)
    expect(count - highs.size).toBeLessThan(40)
  })
})
