import { expect, test } from 'vitest'
import { coveredSeconds, wholeMinutes } from './time-range.ts'

const at = Date.UTC(2026, 0, 1, 12)
const after = (seconds: number) => at + seconds * 1000

test.each([
  ['within the range', 0, 60, { from: -600, to: 600 }, 3600, 60],
  ['the first, which the range cuts', 0, 60, { from: 15, to: 600 }, 3600, 45],
  ['the last, which the range cuts', 0, 60, { from: -600, to: 10 }, 3600, 10],
  ['the only one, which the range cuts twice', 0, 60, { from: 15, to: 40 }, 3600, 25],
  ['a part of a second', 0, 60, { from: 59.25, to: 600 }, 3600, 0.75],
  ['the last, which still goes on', 0, 60, { from: -600, to: 20 }, 20, 20],
  ['one that goes on, in a range that ends later', 0, 60, { from: -600, to: 600 }, 20, 20],
  ['one that the range cuts and that goes on', 0, 60, { from: 5, to: 600 }, 20, 15],
  ['one that is still to come', 60, 60, { from: -600, to: 600 }, 20, 60],
  ['one that begins now', 0, 60, { from: -600, to: 600 }, 0, 60],
  ['the last of those to come, which the range cuts', 60, 60, { from: -600, to: 90 }, 20, 30],
])('of a bucket that is %s', (_, begin, interval, { from, to }, now, seconds) => {
  expect(coveredSeconds(after(begin), interval, { from: after(from), to: after(to) }, after(now))).toBe(seconds)
})

test('a range in whole minutes has those that it cuts', () => {
  expect(wholeMinutes({ from: after(59.999), to: after(60.001) })).toEqual({ from: at, to: after(120) })
  expect(wholeMinutes({ from: at, to: after(60) })).toEqual({ from: at, to: after(60) })
})
