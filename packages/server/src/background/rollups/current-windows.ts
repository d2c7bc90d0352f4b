import type { QueryContext } from '../../querying/context/query-context.ts'
import { remembered } from '../../querying/context/remembered.ts'
import { arrivalsOf, type Rollup } from './rollup.ts'

/** Windows of a rollup that hold what their sources hold. Seconds since 1970. */
export interface CurrentWindows {
  readonly from: number
  readonly to: number
  /** Starts of windows in between that late spans have reached since: these are read from the sources. */
  readonly gaps: readonly number[]
}

/** Ranges of so many windows are worth a question for which of them there are. */
const worthwhile = 6
/** Of more gaps than this, everything is read from the sources. */
const maxGaps = 20

const windowsQuery = ({ name, windowSeconds, arrivals: { table, column } }: Rollup) => `
SELECT toString(toUnixTimestamp64Second(at)) AS start, max(seen) = max(arrived) OR at < toDateTime64({sources_from:Int64}, 0, 'UTC') AS current
FROM (
  SELECT window_start AS at, argMax(rollup_windows.seen, run) + 1 AS seen, 1 AS arrived FROM rollup_windows
  WHERE space = {space:String} AND rollup = '${name}'
    AND window_start >= toDateTime64({first:Int64}, 0, 'UTC') AND window_start < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY window_start
  UNION ALL
  SELECT toDateTime64(intDiv(toUnixTimestamp64Second(minute), ${windowSeconds}) * ${windowSeconds}, 0, 'UTC') AS at, 0, sum(${table}.${column}) + 1
  FROM ${table}
  WHERE space = {space:String} AND minute >= toDateTime64({first:Int64}, 0, 'UTC') AND minute < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY at
)
GROUP BY at
ORDER BY at`

/**
 * Which whole windows of a range a rollup answers. What is not there at all between two of them is time in which
 * nothing arrived.
 * @param range seconds since 1970
 * @param sourcesFrom from when on there are sources; a range that begins before has the window that it begins in, too
 * @returns undefined when the sources have to be asked for all of it
 */
export async function currentWindows(
  context: QueryContext,
  rollup: Rollup,
  { from, to }: { readonly from: number; readonly to: number },
  sourcesFrom = 0,
): Promise<CurrentWindows | undefined> {
  const { windowSeconds } = rollup
  if (to - from < worthwhile * windowSeconds) return undefined
  const first = Math.floor(from < sourcesFrom ? from / windowSeconds : Math.ceil(from / windowSeconds)) * windowSeconds
  const end = Math.floor(to / windowSeconds) * windowSeconds
  return remembered(
    context,
    ['windows', rollup.name, first, end, sourcesFrom],
    () => readWindows(context, rollup, first, end, sourcesFrom),
    arrivalsOf(rollup, { from: first, to: end }),
  )
}

async function readWindows(
  context: QueryContext,
  rollup: Rollup,
  first: number,
  end: number,
  sourcesFrom: number,
): Promise<CurrentWindows | undefined> {
  const rows = await context.reader.query<{ start: string; current: number }>({
    sql: windowsQuery(rollup),
    params: { space: context.space, first, end, sources_from: sourcesFrom },
    signal: context.signal,
  })
  const begin = rows.findIndex(({ current }) => current === 1)
  const last = rows.findLastIndex(({ current }) => current === 1)
  if (begin === -1) return undefined
  const gaps = rows.slice(begin, last).filter(({ current }) => current === 0)
  if (gaps.length > maxGaps) return undefined
  return {
    from: Number(rows[begin]!.start),
    to: Number(rows[last]!.start) + rollup.windowSeconds,
    gaps: gaps.map((gap) => Number(gap.start)),
  }
}
