import { expect, test } from 'vitest'
import { explicitIntervals, exponentialIntervals, percentileOf } from './distribution.ts'

test('values are spread evenly within an interval', () => {
  const one = [{ low: 10, high: 20, count: 4 }]
  expect(percentileOf(one, 0)).toBe(10)
  expect(percentileOf(one, 25)).toBe(12.5)
  expect(percentileOf(one, 100)).toBe(20)
  expect(percentileOf(one, 100, 11, 18)).toBe(18)
  expect(percentileOf(one, 0, 11, 18)).toBe(11)
})

test('gaps, overlaps and single values', () => {
  const gap = [
    { low: 0, high: 10, count: 1 },
    { low: 90, high: 100, count: 1 },
  ]
  expect(percentileOf(gap, 50)).toBe(10)
  expect(percentileOf(gap, 75)).toBe(95)
  const overlap = [
    { low: 0, high: 10, count: 10 },
    { low: 5, high: 10, count: 5 },
  ]
  expect(percentileOf(overlap, (100 * 9) / 15)).toBe(7)
  const single = [
    { low: 0, high: 0, count: 3 },
    { low: 0, high: 10, count: 1 },
  ]
  expect(percentileOf(single, 50)).toBe(0)
  expect(percentileOf(single, 75)).toBe(0)
  expect(percentileOf(single, 100)).toBe(10)
  expect(percentileOf([], 50)).toBeNull()
  expect(percentileOf([{ low: 1, high: 2, count: 0 }], 50)).toBeNull()
})

test('the open ends of an explicit histogram', () => {
  expect(explicitIntervals([10, 20], [1, 2, 3], undefined, undefined)).toEqual([
    { low: 0, high: 10, count: 1 },
    { low: 10, high: 20, count: 2 },
    { low: 20, high: 20, count: 3 },
  ])
  expect(explicitIntervals([-5, 20], [1, 2, 3], -9, 50)).toEqual([
    { low: -9, high: -5, count: 1 },
    { low: -5, high: 20, count: 2 },
    { low: 20, high: 50, count: 3 },
  ])
  expect(explicitIntervals([], [7], 1, 3)).toEqual([{ low: 1, high: 3, count: 7 }])
  expect(explicitIntervals([], [7], undefined, undefined)).toEqual([])
})

test('exponential buckets on both sides of zero', () => {
  expect(
    exponentialIntervals(
      0,
      [
        [0, 5],
        [-1, 2],
      ],
      1,
    ),
  ).toEqual([
    { low: 1, high: 2, count: 5 },
    { low: 0.5, high: 1, count: 2 },
  ])
  expect(exponentialIntervals(-1, [[1, 5]], -1)).toEqual([{ low: -16, high: -4, count: 5 }])
})
