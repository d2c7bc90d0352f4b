import { expect, test } from 'vitest'
import { shifts } from './clock/shifts.ts'

const at = (now: string) =>
  Object.fromEntries(
    shifts.map((shift) => {
      const begin = Date.parse(now) + shift.seconds(Date.parse(now)) * 1000
      return [shift.name, new Date(begin).toISOString().slice(0, 16)]
    }),
  )

test('runs begin so many days ahead, or a minute before the moment that they go over', () => {
  expect(at('2026-11-30T12:00:00Z')).toEqual({
    '8': '2026-12-08T12:00',
    '31': '2026-12-31T12:00',
    '91': '2027-03-01T12:00',
    '401': '2028-01-05T12:00',
    'summer-time': '2027-03-28T00:59',
    'winter-time': '2027-10-31T00:59',
    'new-year': '2026-12-31T23:59',
  })
})

test('a moment that is too near is left for the next of its kind: the clock never goes back', () => {
  expect(at('2026-12-31T23:59:30Z')['new-year']).toBe('2027-12-31T23:59')
  expect(at('2027-03-28T00:59:30Z')['summer-time']).toBe('2028-03-26T00:59')
  expect(at('2027-10-31T00:59:30Z')['winter-time']).toBe('2028-10-29T00:59')
})
