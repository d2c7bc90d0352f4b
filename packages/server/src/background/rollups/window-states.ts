import type { QueryContext } from '../../querying/context/query-context.ts'
import { MinuteCounts } from './minute-counts.ts'
import type { Rollup } from './rollup.ts'

/** What a window was computed from last. Times in seconds since 1970. */
export interface WindowState {
  readonly seen: number
  readonly sourcesFrom: number
  readonly sourcesTo: number
}

/** What has arrived for a range, and what windows of some rollups have of it. */
export interface WindowStates {
  /** Of the range, and of what its windows are made from. */
  readonly arrivals: MinuteCounts
  /** Those of the arrivals that are too old to be kept. */
  readonly lost: MinuteCounts
  /** By the name of the rollup, then by the start of the window (seconds since 1970). */
  readonly computed: ReadonlyMap<string, ReadonlyMap<number, WindowState>>
}

const arrivalsQuery = ({ arrivals: { table, column } }: Rollup) => `
SELECT groupArray(toInt64(at)) AS minutes, groupArray(arrived) AS counts, groupArray(gone) AS lost
FROM (
  SELECT toUnixTimestamp64Second(${table}.minute) AS at, sum(${table}.${column}) AS arrived,
    sumIf(${table}.${column}, ${table}.day < toDate(now() - toIntervalDay({days:UInt32}))) AS gone
  FROM ${table}
  WHERE space = {space:String} AND ${table}.minute >= toDateTime64({from:Int64}, 0, 'UTC') AND ${table}.minute < toDateTime64({to:Int64}, 0, 'UTC')
  GROUP BY ${table}.minute
)`

const windowsQuery = `
SELECT rollup, groupArray(at) AS starts, groupArray(latest.1) AS seen, groupArray(latest.2) AS froms, groupArray(latest.3) AS tos
FROM (
  SELECT rollup, toUnixTimestamp64Second(window_start) AS at, argMax((rollup_windows.seen, sources_from, sources_to), run) AS latest
  FROM rollup_windows
  WHERE space = {space:String} AND rollup IN {rollups:Array(String)}
    AND window_start >= toDateTime64({from:Int64}, 0, 'UTC') AND window_start < toDateTime64({to:Int64}, 0, 'UTC')
  GROUP BY rollup_windows.rollup, window_start
)
GROUP BY \`rollup\``

type WindowsRow = Readonly<Record<'starts' | 'seen' | 'froms' | 'tos', string[]>> & { readonly rollup: string }

/**
 * @param rollups of the same sources; the first by minutes
 * @param range whole minutes, seconds since 1970
 */
export async function readWindowStates(
  context: QueryContext,
  rollups: readonly [Rollup, ...Rollup[]],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<WindowStates> {
  const { reader, space, signal } = context
  const longest = Math.max(...rollups.map(({ windowSeconds }) => windowSeconds))
  const sources = {
    from: from - Math.max(...rollups.map(({ lookbackSeconds }) => lookbackSeconds)),
    to: to + longest + Math.max(...rollups.map(({ lookaheadSeconds }) => lookaheadSeconds)),
  }
  const [[arrived], windows] = await Promise.all([
    reader.query<Record<'minutes' | 'counts' | 'lost', string[]>>({
      sql: arrivalsQuery(rollups[0]),
      params: { space, ...sources, days: rollups[0].sourceDays(context.retention) - 1 },
      signal,
    }),
    reader.query<WindowsRow>({
      sql: windowsQuery,
      params: { space, rollups: rollups.map(({ name }) => name), from, to },
      signal,
    }),
  ])
  const counts = (of: 'counts' | 'lost') =>
    new MinuteCounts((arrived?.minutes ?? []).map((minute, index) => [Number(minute), Number(arrived![of][index])]))
  return {
    arrivals: counts('counts'),
    lost: counts('lost'),
    computed: new Map(windows.map((row) => [row.rollup, statesOf(row)])),
  }
}

function statesOf({ starts, seen, froms, tos }: WindowsRow): Map<number, WindowState> {
  return new Map(
    starts.map((start, index) => [
      Number(start),
      { seen: Number(seen[index]), sourcesFrom: Number(froms[index]), sourcesTo: Number(tos[index]) },
    ]),
  )
}

/** Whether everything that has arrived was there when a window was computed; what is no longer kept is not counted any more. */
export function hasAll({ seen, sourcesFrom, sourcesTo }: WindowState, arrivals: MinuteCounts): boolean {
  return arrivals.within(sourcesFrom, sourcesTo) <= seen
}
