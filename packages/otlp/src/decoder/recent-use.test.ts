import { describe, expect, it } from 'vitest'
import { isFarBeyond, recentPeak } from './recent-use.ts'

const mb = 1024 * 1024

describe('memory that is used again', () => {
  it('is given back some batches after the last large one', () => {
    let recent = recentPeak(0, 100 * mb)
    expect(isFarBeyond(400 * mb, recent)).toBe(false)
    for (let batch = 0; batch < 30; batch++) recent = recentPeak(recent, mb)
    expect(isFarBeyond(400 * mb, recent)).toBe(true)
  })

  it('is kept while batches use a good part of it, and when it is small', () => {
    let recent = recentPeak(0, 100 * mb)
    for (let batch = 0; batch < 100; batch++) recent = recentPeak(recent, 50 * mb)
    expect(isFarBeyond(300 * mb, recent)).toBe(false)
    expect(isFarBeyond(8 * mb, 0)).toBe(false)
  })
})
