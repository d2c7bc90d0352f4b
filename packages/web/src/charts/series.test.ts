import { describe, expect, it } from 'vitest'
import { largest, type Series, stack, toColumns } from './series.ts'
import { ticksFromZero } from './ticks.ts'

const series = (...points: [number, number | null][]): Series => ({ label: '', colour: 'series-1', points })

describe('columns', () => {
  it('keeps gaps and aligns series that miss a time', () => {
    const columns = toColumns([series([1, 5], [2, null], [3, 7]), series([2, 1], [4, 2])])
    expect(columns).toEqual([
      [1, 2, 3, 4],
      [5, null, 7, null],
      [null, 1, null, 2],
    ])
    expect(largest(columns)).toBe(7)
  })
  it('stacks', () => {
    expect(
      stack([
        [1, 2],
        [1, 2],
        [null, 3],
      ]),
    ).toEqual([
      [1, 2],
      [1, 2],
      [1, 5],
    ])
  })
  it('is fine with nothing', () => {
    expect(toColumns([])).toEqual([[]])
    expect(largest([[]])).toBe(0)
  })
})

describe('ticksFromZero', () => {
  it.each([
    [0, [0, 1]],
    [Number.NaN, [0, 1]],
    [1, [0, 0.25, 0.5, 0.75, 1]],
    [486, [0, 200, 400, 600]],
    [1480, [0, 500, 1000, 1500]],
    [0.042, [0, 0.02, 0.04, 0.06]],
    [7, [0, 2, 4, 6, 8]],
  ])('of %s', (max, ticks) => expect(ticksFromZero(max)).toEqual(ticks))

  it('always reaches the value with 2 to 5 steps', () => {
    for (let max = 0.001; max < 1e7; max *= 1.37) {
      const ticks = ticksFromZero(max)
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(max * 0.999)
      expect(ticks.length).toBeGreaterThanOrEqual(3)
      expect(ticks.length).toBeLessThanOrEqual(6)
    }
  })
})
