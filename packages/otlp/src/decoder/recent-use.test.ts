import { describe, expect, it } from 'vitest'
import { isFarBeyond, recentPeak } from './recent-use.ts'

const MB = 1024 * 1024

describe('memory that is used again', () => {
  it('is given back some batches after the last large one', () => {
    let recent = recentPeak(0, 100 * MB)
    expect(isFarBeyond(400 * MB, recent)).toBe(false)
    for (let batch = 0; batch < 30; batch++) recent = recentPeak(recent, MB)
    expect(isFarBeyond(400 * MB, recent)).toBe(true)
  })

  it('is kept while batches use a good part of it, and when it is small', () => {
    let recent = recentPeak(0, 100 * MB)
    for (let batch = 0; batch < 100; batch++) recent = recentPeak(recent, 50 * MB)
    expect(isFarBeyond(300 * MB, recent)).toBe(false)
    expect(isFarBeyond(8 * MB, 0)).toBe(false)
  })
})
