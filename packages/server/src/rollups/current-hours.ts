import { remembered } from '../query-guard/remembered.ts'
import type { Scope } from '../search/query-options.ts'
import type { Rollup } from './rollup.ts'

/** Hours of a rollup that hold what their sources hold. Seconds since 1970. */
export interface CurrentHours {
  readonly from: number
  readonly to: number
  /** Starts of hours in between that late spans have reached since: these are read from the sources. */
  readonly gaps: readonly number[]
}

const hour = 3600
/** Ranges from here on are worth a question for which hours there are. Seconds. */
const worthwhile = 6 * hour
/** Of more gaps than this, everything is read from the sources. */
const mostGaps = 20

const hoursQuery = ({ name, arrivals: { table, column } }: Rollup) => `
SELECT toString(toUnixTimestamp64Second(at)) AS hour, max(seen) = max(arrived) OR at < toDateTime64({sources_from:Int64}, 0, 'UTC') AS current
FROM (
  SELECT window_start AS at, argMax(rollup_windows.seen, run) + 1 AS seen, 1 AS arrived FROM rollup_windows
  WHERE space = {space:String} AND rollup = '${name}'
    AND window_start >= toDateTime64({first:Int64}, 0, 'UTC') AND window_start < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY window_start
  UNION ALL
  SELECT toDateTime64(intDiv(toUnixTimestamp64Second(minute), ${hour}) * ${hour}, 0, 'UTC') AS at, 0, sum(${table}.${column}) + 1
  FROM ${table}
  WHERE space = {space:String} AND minute >= toDateTime64({first:Int64}, 0, 'UTC') AND minute < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY at
)
GROUP BY at
ORDER BY at`

/**
 * Which whole hours of a range a rollup by hour answers. What is not there at all between two hours is time in which
 * nothing arrived.
 * @param range seconds since 1970
 * @param sourcesFrom from when on there are sources; a range that begins before has the hour that it begins in, too
 * @returns undefined when the sources have to be asked for all of it
 */
export async function currentHours(
  scope: Scope,
  rollup: Rollup,
  { from, to }: { readonly from: number; readonly to: number },
  sourcesFrom = 0,
): Promise<CurrentHours | undefined> {
  if (to - from < worthwhile) return undefined
  const first = Math.floor(from < sourcesFrom ? from / hour : Math.ceil(from / hour)) * hour
  const end = Math.floor(to / hour) * hour
  return remembered(scope, ['hours', rollup.name, first, end, sourcesFrom], () =>
    readHours(scope, rollup, first, end, sourcesFrom),
  )
}

async function readHours(
  scope: Scope,
  rollup: Rollup,
  first: number,
  end: number,
  sourcesFrom: number,
): Promise<CurrentHours | undefined> {
  const rows = await scope.reader.query<{ hour: string; current: number }>({
    sql: hoursQuery(rollup),
    params: { space: scope.space, first, end, sources_from: sourcesFrom },
    signal: scope.signal,
  })
  const start = rows.findIndex(({ current }) => current === 1)
  const last = rows.findLastIndex(({ current }) => current === 1)
  if (start === -1) return undefined
  const gaps = rows.slice(start, last).filter(({ current }) => current === 0)
  if (gaps.length > mostGaps) return undefined
  return {
    from: Number(rows[start]!.hour),
    to: Number(rows[last]!.hour) + hour,
    gaps: gaps.map((gap) => Number(gap.hour)),
  }
}
