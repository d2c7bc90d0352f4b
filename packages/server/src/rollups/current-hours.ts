import type { Scope } from '../search/query-options.ts'
import { redHoursRollup } from './red-hours.ts'

/** Hours of RED that hold what the minutes hold. Seconds since 1970. */
export interface CurrentHours {
  readonly from: number
  readonly to: number
  /** Starts of hours in between that late spans have reached since: these are read by the minute. */
  readonly gaps: readonly number[]
}

const hour = 3600
/** Ranges from here on are worth a question for which hours there are. Seconds. */
const worthwhile = 6 * hour
/** How long the minutes are kept, less a day: their last one may go at any moment. Seconds. */
const minutesKept = 29 * 86_400
/** Of more gaps than this, everything is read by the minute. */
const mostGaps = 20

const hoursQuery = `
SELECT toString(toUnixTimestamp64Second(at)) AS hour, max(seen) = max(arrived) OR at < toDateTime64({minutes_from:Int64}, 0, 'UTC') AS current
FROM (
  SELECT window_start AS at, argMax(rollup_windows.seen, run) + 1 AS seen, 1 AS arrived FROM rollup_windows
  WHERE space = {space:String} AND rollup = '${redHoursRollup.name}'
    AND window_start >= toDateTime64({first:Int64}, 0, 'UTC') AND window_start < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY window_start
  UNION ALL
  SELECT toDateTime64(intDiv(toUnixTimestamp64Second(minute), ${hour}) * ${hour}, 0, 'UTC') AS at, 0, sum(spans) + 1
  FROM span_arrivals
  WHERE space = {space:String} AND minute >= toDateTime64({first:Int64}, 0, 'UTC') AND minute < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY at
)
GROUP BY at
ORDER BY at`

/**
 * Which whole hours of a range `red_1h` answers. What is not there at all between two hours is time in which nothing
 * arrived. A range that begins before the minutes do has the hour that it begins in, too.
 * @param range seconds since 1970
 * @returns undefined when the minutes have to be asked for all of it
 */
export async function currentHours(
  scope: Scope,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<CurrentHours | undefined> {
  if (to - from < worthwhile) return undefined
  const minutesFrom = Math.floor(Date.now() / 1000 / hour) * hour - minutesKept
  const first = Math.floor(from < minutesFrom ? from / hour : Math.ceil(from / hour)) * hour
  const rows = await scope.reader.query<{ hour: string; current: number }>({
    sql: hoursQuery,
    params: { space: scope.space, first, end: Math.floor(to / hour) * hour, minutes_from: minutesFrom },
    signal: scope.signal,
  })
  const start = rows.findIndex(({ current }) => current === 1)
  const end = rows.findLastIndex(({ current }) => current === 1)
  if (start === -1) return undefined
  const gaps = rows.slice(start, end).filter(({ current }) => current === 0)
  if (gaps.length > mostGaps) return undefined
  return {
    from: Number(rows[start]!.hour),
    to: Number(rows[end]!.hour) + hour,
    gaps: gaps.map((gap) => Number(gap.hour)),
  }
}
