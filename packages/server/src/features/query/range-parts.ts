import type { CurrentWindows } from '../../background/rollups/current-windows.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'

const minute = 60_000
const hour = 60 * minute

/** A range by what answers it; epoch ms. */
export interface RangeParts {
  /** Whole hours, but for those that begin at `gaps` (seconds since 1970). */
  readonly hours: { readonly range: TimeRange; readonly gaps: readonly number[] } | undefined
  /** Whole minutes that are in no such hour, in order. */
  readonly minutes: readonly TimeRange[]
  /** What is left at both ends. */
  readonly rest: readonly TimeRange[]
}

/** @param rollups undefined: all of the range is left */
export function splitRange(
  range: TimeRange,
  rollups: { readonly hours?: CurrentWindows | undefined } | undefined,
): RangeParts {
  const whole = rollups && wholeUnits(range, minute)
  if (!whole) return { hours: undefined, minutes: [], rest: [range] }
  const rest = outside(range, whole)
  const hours = rollups.hours && wholeHours(whole, rollups.hours)
  if (!hours) return { hours: undefined, minutes: [whole], rest }
  const gaps = rollups.hours.gaps.filter((gap) => gap * 1000 >= hours.from && gap * 1000 < hours.to)
  const [before, after] = [
    { from: whole.from, to: hours.from },
    { from: hours.to, to: whole.to },
  ]
  const minutes = [before, ...gaps.map((gap) => ({ from: gap * 1000, to: gap * 1000 + hour })), after]
  return { hours: { range: hours, gaps }, minutes: minutes.filter(({ from, to }) => from < to), rest }
}

function wholeHours(range: TimeRange, { from, to }: CurrentWindows): TimeRange | undefined {
  return wholeUnits({ from: Math.max(range.from, from * 1000), to: Math.min(range.to, to * 1000) }, hour)
}

function wholeUnits({ from, to }: TimeRange, unit: number): TimeRange | undefined {
  const first = Math.ceil(from / unit) * unit
  const last = Math.floor(to / unit) * unit
  return first < last ? { from: first, to: last } : undefined
}

/** What of a range lies before and after a part of it. */
export function outside(range: TimeRange, part: TimeRange): TimeRange[] {
  return [
    { from: range.from, to: part.from },
    { from: part.to, to: range.to },
  ].filter(({ from, to }) => from < to)
}
