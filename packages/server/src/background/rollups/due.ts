import { MinuteCounts } from './minute-counts.ts'
import type { PublishedWindow, Rollup } from './rollup.ts'

/** Windows that are computed in one go, with nothing but empty ones between them, and what they are made from. Seconds since 1970. */
export interface Batch {
  readonly windows: readonly number[]
  readonly from: number
  readonly to: number
  readonly sourcesFrom: number
  readonly sourcesTo: number
}

/** Spans of one batch, and spans that are read before its first window: what one computation may hold in memory. */
const maxSpans = 1_000_000
const maxSpansBefore = 3_000_000
const leastLookback = 120
const maxWindows = 60
/** Seconds. */
const maxEmpty = 3600

/**
 * A window is computed again no sooner than this, and up to a minute the older the later: a trickle of late spans costs little, and
 * is in the rollup within two minutes all the same.
 */
const leastPause = 20
const longestPause = 60
const pauseShare = 1 / 4

type Shape = Pick<Rollup, 'windowSeconds' | 'settleSeconds' | 'lookbackSeconds' | 'lookaheadSeconds' | 'waits'>

/**
 * What is to be computed now, newest first.
 * @param arrivals of every minute since `oldest`, and of the lookback before
 * @param candidates minutes that may have rows though no arrival was counted; from before arrivals were
 * @param oldest windows that begin before it are not computed
 * @param lost arrivals of what is not kept any more: a window that was made from it stays as it is
 */
export function dueBatches(
  rollup: Shape,
  arrivals: MinuteCounts,
  published: ReadonlyMap<number, PublishedWindow>,
  now: number,
  oldest: number,
  candidates: readonly number[] = [],
  lost: MinuteCounts = new MinuteCounts([]),
): Batch[] {
  const { windowSeconds } = rollup
  const starts = new Set(
    [...arrivals.minutes, ...candidates].map((at) => Math.floor(at / windowSeconds) * windowSeconds),
  )
  const due = [...starts]
    .filter((start) => start >= oldest && start + windowSeconds + rollup.settleSeconds <= now)
    .filter((start) => isDue(published.get(start), arrivals, start + windowSeconds, now))
    .filter((start) => lost.within(start - rollup.lookbackSeconds, start + windowSeconds) === 0)
    .sort((a, b) => a - b)
  const fits = (batch: Batch, start: number) =>
    !rollup.waits &&
    batch.windows.length < maxWindows &&
    isEmptyBetween(batch.to, start, arrivals, candidates) &&
    arrivals.within(batch.from, start + windowSeconds) <= maxSpans
  const batches: Batch[] = []
  for (const start of due) {
    const end = start + windowSeconds
    const last = batches.at(-1)
    if (last && fits(last, start)) {
      batches[batches.length - 1] = {
        ...last,
        windows: [...last.windows, start],
        to: end,
        sourcesTo: end + rollup.lookaheadSeconds,
      }
    } else {
      batches.push({
        windows: [start],
        from: start,
        to: end,
        sourcesFrom: start - lookback(rollup, arrivals, start),
        sourcesTo: end + rollup.lookaheadSeconds,
      })
    }
  }
  return batches.reverse()
}

/** Nothing would come of the windows between, so they may be computed along. */
function isEmptyBetween(from: number, to: number, arrivals: MinuteCounts, candidates: readonly number[]): boolean {
  return to - from <= maxEmpty && arrivals.within(from, to) === 0 && !candidates.some((at) => at >= from && at < to)
}

function isDue(last: PublishedWindow | undefined, arrivals: MinuteCounts, end: number, now: number): boolean {
  if (!last) return true
  if (isCurrent(last, arrivals)) return false
  return now - last.computed >= Math.min(longestPause, Math.max(leastPause, (now - end) * pauseShare))
}

/** Whether everything that has arrived was there when the window was computed; what is no longer kept is not counted any more. */
export function isCurrent(window: PublishedWindow, arrivals: MinuteCounts): boolean {
  return arrivals.within(window.sourcesFrom, window.sourcesTo) <= window.seen
}

function lookback({ lookbackSeconds }: Shape, arrivals: MinuteCounts, start: number): number {
  let seconds = lookbackSeconds
  while (seconds > leastLookback && arrivals.within(start - seconds, start) > maxSpansBefore) {
    seconds = Math.max(leastLookback, Math.ceil(seconds / 120) * 60)
  }
  return seconds
}
