import { type CurrentWindows, currentWindows } from '../../background/rollups/current-windows.ts'
import type { Rollup } from '../../background/rollups/rollup.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'

/** What of a range is read from the rollup, and what from the rows themselves. */
export interface ErrorTimes {
  readonly hours: CurrentWindows | undefined
  readonly rest: readonly TimeRange[]
}

/**
 * @param days that the rows themselves are kept; older hours are not read
 * @param step seconds of a series that is to be made of it; hours make no finer ones
 */
export async function errorTimes(
  context: QueryContext,
  rollup: Rollup,
  range: TimeRange,
  days: number,
  step?: number,
): Promise<ErrorTimes> {
  const kept = Date.now() - days * 86_400_000
  const seconds = { from: Math.max(range.from, kept) / 1000, to: range.to / 1000 }
  const fine = step !== undefined && step % 3600 !== 0
  const hours = fine ? undefined : await currentWindows(context, rollup, seconds)
  if (!hours) return { hours, rest: [range] }
  const rest = [
    { from: range.from, to: hours.from * 1000 },
    ...hours.gaps.map((gap) => ({ from: gap * 1000, to: (gap + 3600) * 1000 })),
    { from: hours.to * 1000, to: range.to },
  ]
  return { hours, rest: rest.filter(({ from, to }) => from < to) }
}

/** That a time lies in one of some ranges. */
export function withinAny(column: string, ranges: readonly TimeRange[], parameters: Parameters): string {
  const at = (milliseconds: number) =>
    `fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(milliseconds))})`
  return ranges.map(({ from, to }) => `${column} >= ${at(from)} AND ${column} < ${at(to)}`).join(' OR ')
}
