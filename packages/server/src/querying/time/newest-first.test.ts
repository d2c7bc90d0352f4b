import { expect, test } from 'vitest'
import { newestFirst, slicesBackwards } from './newest-first.ts'

const hour = 3_600_000
const week = { from: 0, to: 168 * hour }

test('slices cover the range without a gap, the newest first', () => {
  for (const found of [undefined, 0, 0.1, 0.9]) {
    const slices = slicesBackwards(week)
    let to = week.to
    let longest = 0
    for (let slice = slices.next(); !slice.done; slice = slices.next(found)) {
      expect(slice.value.to).toBe(to)
      expect(slice.value.to - slice.value.from).toBeGreaterThan(0)
      longest = Math.max(longest, slice.value.to - slice.value.from)
      to = slice.value.from
    }
    expect(to).toBe(week.from)
    expect(longest).toBeGreaterThan(24 * hour)
  }
})

test('what is rare takes few reads; what is frequent, short ones', async () => {
  const read = async (every: number, limit: number, isIndexed = false) => {
    const slices: number[] = []
    const rows = await newestFirst(
      week,
      limit,
      async ({ from, to }, most) => {
        slices.push((to - from) / hour)
        const first = Math.floor((week.to - to) / every)
        const last = Math.floor((week.to - from) / every)
        return Array.from({ length: Math.min(most, last - first) }, (_, index) => first + index)
      },
      isIndexed,
    )
    expect(rows).toEqual(Array.from({ length: rows.length }, (_, index) => index))
    return { rows: rows.length, slices }
  }
  expect(await read(1000 * hour, 50)).toEqual({ rows: 0, slices: [0.25, 3.75, 60, 104] })
  expect(await read(1000 * hour, 50, true)).toEqual({ rows: 0, slices: [0.25, 167.75] })
  expect(await read(hour / 1000, 50)).toEqual({ rows: 50, slices: [0.25] })
  // Two in a quarter of an hour: the other 48 within six hours, twice over.
  expect(await read(hour / 8, 50)).toEqual({
    rows: 50,
    slices: [0.25, 3.75, 4.5],
  })
})
