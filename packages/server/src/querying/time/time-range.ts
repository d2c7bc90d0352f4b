import { parseTime } from '@burstlet/contract/time'
import { invalid } from '../../http/errors/api-error.ts'

/** from <= time < to, epoch ms. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/**
 * Gives `now` its meaning.
 * @throws ApiError VALIDATION_ERROR when the range is empty
 */
export function resolveRange(query: { from: string; to: string }, now = Date.now()): TimeRange {
  const from = parseTime(query.from, now)
  const to = parseTime(query.to, now)
  if (from === undefined) throw invalid('from', 'is not a time')
  if (to === undefined) throw invalid('to', 'is not a time')
  if (from >= to) throw invalid('from', 'must be before to')
  return { from, to }
}

export function rangeSeconds(range: TimeRange): number {
  return (range.to - range.from) / 1000
}

/** The whole minutes that a range touches: what is counted by the minute counts those that the range cuts in full. */
export function wholeMinutes({ from, to }: TimeRange): TimeRange {
  return { from: Math.floor(from / 60_000) * 60_000, to: Math.ceil(to / 60_000) * 60_000 }
}

/**
 * Seconds that a rate of a bucket is over: those of the bucket that lie within the range and are not still to come. By its
 * whole length the first bucket, which the range may cut, and the last, which may still go on, would look like a drop.
 * A bucket that has not begun has nothing in it, and its whole length.
 * @param at start of the bucket, epoch ms
 */
export function coveredSeconds(at: number, intervalSeconds: number, range: TimeRange, now = Date.now()): number {
  const from = Math.max(at, range.from)
  const to = Math.min(at + intervalSeconds * 1000, range.to)
  return ((from < now ? Math.min(to, now) : to) - from) / 1000
}

/** Epoch ms -> the decimal nanoseconds that ClickHouse takes as `Int64`. */
export function nanoseconds(milliseconds: number): string {
  return (BigInt(Math.round(milliseconds)) * 1_000_000n).toString()
}

/**
 * Seconds of the start of the day (UTC) that `milliseconds` lies in, as ClickHouse's DateTime can hold it. Resources,
 * scopes and series stand in the tables once a day, so a range takes them from the start of its first day.
 */
export function dayStart(milliseconds: number): number {
  return Math.min(Math.max(Math.floor(milliseconds / 86_400_000), 0) * 86_400, 4_294_944_000)
}

/** Decimal epoch nanoseconds -> ISO 8601 with ms. Years before 0 and after 9999 do not occur: DateTime64(9) ends in 2262. */
export function isoOfNanoseconds(ns: string): string {
  return new Date(Number(BigInt(ns) / 1_000_000n)).toISOString()
}

const steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400]

/**
 * Seconds between two points, so that about `points` cover the range.
 * @param least the finest step that the source has
 * @throws ApiError when an `interval` that was asked for gives more than 11,000 points
 */
export function chooseInterval(range: TimeRange, points: number, least = 1, asked?: number): number {
  const seconds = rangeSeconds(range)
  if (asked !== undefined) {
    if (seconds / asked > 11_000) throw invalid('interval', 'gives more than 11000 points; choose a longer one')
    return asked
  }
  const fitting = steps.find((step) => step >= least && seconds / step <= points)
  return fitting ?? Math.ceil(seconds / points / 86_400) * 86_400
}

/** Start of every bucket that the range touches, epoch ms; buckets are aligned to 1970. */
export function bucketsOf(range: TimeRange, intervalSeconds: number): number[] {
  const step = intervalSeconds * 1000
  const buckets: number[] = []
  for (let at = Math.floor(range.from / step) * step; at < range.to; at += step) buckets.push(at)
  return buckets
}
