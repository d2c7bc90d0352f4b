import type { MinuteCounts } from './minute-counts.ts'
import type { Rollup } from './rollup.ts'
import { hasAll, type WindowStates } from './window-states.ts'

/** Whether an answer has everything that has arrived, and if not, when it is expected to. */
export interface Completeness {
  readonly complete: boolean
  /** ISO 8601; null when it is complete, or when part of what is missing can no longer be computed. */
  readonly completeAt: string | null
}

const complete: Completeness = { complete: true, completeAt: null }

/** How a range is read from a rollup by minutes. All in seconds since 1970. */
export interface LivePart extends Completeness {
  /** Minutes that are computed from the sources while somebody waits; empty when there are none. */
  readonly from: number
  readonly to: number
  /** What may be read for them. */
  readonly sourcesFrom: number
  /** Minutes of the range that the rollup does not have all of, those that are read live among them. */
  readonly stale: ReadonlySet<number>
}

export interface LiveBounds {
  /** Rows that may be read of the minutes themselves. */
  readonly most: number
  /** And of what is looked back to for them; otherwise it is `least` seconds. */
  readonly maxBefore: number
  readonly least: number
}

/**
 * A window that was computed, and for which something more came while it is no older than this, lacks at most what is about to be
 * computed: that is no reason to call an answer incomplete.
 */
const youngSeconds = 300
/** A window is computed anew this long after something arrived for it, at the latest, when there is not much to do. */
const soonSeconds = 90
/** How fast the scheduler gets through what is late, rows a second: a cautious figure, see docs/decisions/0021. */
const rowsASecond = 100_000

/**
 * Which minutes to read from the sources: those that the rollup does not have all of, the newest first, as many as may be read
 * while somebody waits, with whatever lies between them.
 * @param range whole minutes
 * @param keptFrom windows that begin before it are not computed any more
 */
export function livePart(
  rollup: Rollup,
  { arrivals, lost, computed }: WindowStates,
  range: { readonly from: number; readonly to: number },
  bounds: LiveBounds,
  keptFrom: number,
  now = Date.now() / 1000,
): LivePart {
  const { windowSeconds, lookbackSeconds, settleSeconds } = rollup
  const windows = computed.get(rollup.name)
  const stale = arrivals.minutes.filter((minute) => {
    if (minute < range.from || minute >= range.to) return false
    const state = windows?.get(minute)
    return !state || !hasAll(state, arrivals)
  })
  const to = stale.length === 0 ? range.to : stale.at(-1)! + windowSeconds
  let begins = to
  for (const minute of stale.toReversed()) {
    // What is not kept any more is only in the rollup.
    if (arrivals.within(minute, to) > bounds.most || lost.within(minute - lookbackSeconds, to) > 0) break
    begins = minute
  }
  const missing = stale.filter(
    (minute) => minute < begins && !(windows?.has(minute) && minute + windowSeconds > now - youngSeconds),
  )
  return {
    from: begins,
    to,
    sourcesFrom: begins - lookback(arrivals, begins, lookbackSeconds, bounds),
    stale: new Set(stale),
    ...completeness(
      missing,
      arrivals,
      (minute) => minute < keptFrom || lost.within(minute - lookbackSeconds, minute + windowSeconds) > 0,
      Math.max(now, (missing.at(-1) ?? 0) + windowSeconds + settleSeconds),
    ),
  }
}

function lookback(arrivals: MinuteCounts, from: number, seconds: number, { maxBefore, least }: LiveBounds): number {
  return arrivals.within(from - seconds, from) <= maxBefore ? seconds : Math.min(seconds, least)
}

function completeness(
  missing: readonly number[],
  arrivals: MinuteCounts,
  isGone: (minute: number) => boolean,
  due: number,
): Completeness {
  if (missing.length === 0) return complete
  if (missing.some(isGone)) return { complete: false, completeAt: null }
  const rows = missing.reduce((sum, minute) => sum + arrivals.within(minute, minute + 60), 0)
  const at = Math.ceil(due + soonSeconds + rows / rowsASecond)
  return { complete: false, completeAt: new Date(at * 1000).toISOString() }
}
