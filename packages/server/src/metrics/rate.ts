import { coveredSeconds, type TimeRange } from '../search/time-range.ts'
import type { Buckets } from './points.ts'

/** When a bucket began (epoch ms), and how many seconds its points cover, on average over the series. */
export interface Covered {
  readonly bucket: string
  readonly covered: number
}

/**
 * Seconds that the rate of a bucket is over. A point tells of the time since the point before, so a bucket that the range cuts
 * or that still goes on is over what its points cover: its own length would make it a drop, and what has passed of it a peak
 * just after each collection.
 */
export function rateSeconds(row: Covered, { seconds, only }: Buckets, range: TimeRange, now = Date.now()): number {
  if (only !== undefined) return seconds
  const at = Number(row.bucket)
  const whole = at >= range.from && at + seconds * 1000 <= Math.min(range.to, now)
  return whole || row.covered <= 0 ? coveredSeconds(at, seconds, range, now) : row.covered
}
