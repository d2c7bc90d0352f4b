import type { TimeRange } from '../../querying/time/time-range.ts'
import type { Buckets } from './points.ts'

/** Whether anything is known of a group in one bucket. */
export interface Known {
  readonly bucket: string
  /** 0: there are only series whose next point is due. */
  readonly known: number
  /** The oldest of the newest points of series whose next one is due, epoch ms; 0 when there are none. */
  readonly openSince: number
}

/** What was added by a group in one bucket, and over which time that is known. Seconds are counted from the start of the bucket. */
export interface Coverage extends Known {
  readonly low: number
  readonly high: number
  /** Added by series that nothing is due of. */
  readonly settled: number
  /** The others: what they added, and up to when they are known. */
  readonly open: readonly (readonly [added: number, high: number])[]
  /** Rate of series that are known before the bucket only, and whose next point is due. */
  readonly carried: number
}

/**
 * Rate per second of a group in one bucket. It is over the time from and to which anything of the group is known: series that
 * begin or end in between had a rate of 0 before or after. A series whose next point is due is taken to go on as it did.
 * @param rows of one group and bucket
 * @returns null when nothing is known
 */
export function rateOf(rows: readonly Coverage[], buckets: Buckets, range: TimeRange, now: number): number | null {
  const known = rows.filter((row) => row.known > 0)
  if (known.length === 0) return null
  const low = Math.min(...known.map((row) => row.low))
  const reached = Math.max(...known.map((row) => row.high))
  const high = rows.some(({ openSince }) => openSince > 0)
    ? Math.max(reached, endOf(rows[0]!, buckets, range, now))
    : reached
  const settled = known.reduce((sum, row) => sum + row.settled, 0)
  const open = known.flatMap((row) => row.open)
  const carried = rows.reduce((sum, row) => sum + row.carried, 0)
  return (
    (settled === 0 ? 0 : settled / (high - low)) +
    open.reduce((sum, [added, until]) => sum + added / (until - low), 0) +
    carried
  )
}

/** Seconds of a bucket that are in the range and over. */
function endOf({ bucket }: Coverage, { seconds, only }: Buckets, { from, to }: TimeRange, now: number): number {
  const at = only === undefined ? Number(bucket) : from
  const end = only === undefined ? Math.min(at + seconds * 1000, to) : to
  return (Math.min(end, now) - at) / 1000
}

/** Up to when all is there, epoch ms: what is later may still change. undefined when nothing is due. */
export function completeUntil(rows: readonly Pick<Known, 'openSince'>[]): number | undefined {
  const open = rows.filter(({ openSince }) => openSince > 0).map(({ openSince }) => openSince)
  return open.length === 0 ? undefined : Math.floor(open.reduce((least, each) => Math.min(least, each)))
}
