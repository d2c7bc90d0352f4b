import { expect, onTestFinished, test } from 'vitest'
import { timeTicks } from './time-ticks.ts'

const hour = 3_600_000
const iso = (ticks: number[]) => ticks.map((at) => new Date(at).toISOString().slice(0, 16))

function inZone(zone: string) {
  const before = process.env['TZ']
  process.env['TZ'] = zone
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  })
}

test('an axis in UTC has its days at midnight of UTC, whatever summer time does where the browser is', () => {
  inZone('Europe/Paris')
  const from = Date.UTC(2026, 2, 27)
  expect(iso(timeTicks(from, from + 4 * 24 * hour, 24 * hour, 'utc'))).toEqual([
    '2026-03-27T00:00',
    '2026-03-28T00:00',
    '2026-03-29T00:00',
    '2026-03-30T00:00',
    '2026-03-31T00:00',
  ])
  expect(iso(timeTicks(Date.UTC(2026, 2, 28, 22), Date.UTC(2026, 2, 29, 13), 6 * hour, 'utc'))).toEqual([
    '2026-03-29T00:00',
    '2026-03-29T06:00',
    '2026-03-29T12:00',
  ])
})

test('a local axis follows the clock on the wall over a change of summer time', () => {
  inZone('Europe/Paris')
  expect(iso(timeTicks(Date.UTC(2026, 2, 28, 22), Date.UTC(2026, 2, 29, 17), 6 * hour, 'local'))).toEqual([
    '2026-03-28T23:00',
    '2026-03-29T04:00',
    '2026-03-29T10:00',
    '2026-03-29T16:00',
  ])
})

test('minutes are round in a zone that is off by half an hour', () => {
  inZone('Asia/Kolkata')
  const from = Date.UTC(2026, 0, 1, 0, 10)
  expect(iso(timeTicks(from, from + 2 * hour, hour, 'local'))).toEqual(['2026-01-01T00:30', '2026-01-01T01:30'])
})

test('days and months stay where they are while the range moves', () => {
  const from = Date.UTC(2026, 0, 3)
  const day = 24 * hour
  const ticks = timeTicks(from, from + 10 * day, 3 * day, 'utc')
  const moved = timeTicks(from + day, from + 11 * day, 3 * day, 'utc')
  expect(ticks.slice(1).every((at) => moved.includes(at))).toBe(true)
  expect(iso(timeTicks(from, from + 100 * day, 30 * day, 'utc'))).toEqual([
    '2026-02-01T00:00',
    '2026-03-01T00:00',
    '2026-04-01T00:00',
  ])
})
