import { remembered } from '../query-guard/remembered.ts'
import type { Scope } from '../search/query-options.ts'
import type { Parameters } from '../search/statement.ts'
import type { CurrentHours } from './current-hours.ts'
import type { Rollup } from './rollup.ts'

/** What stands for the values of {@link storedWithin} in its statement; times in seconds since 1970. */
export const storedParameters = {
  space: '{space:String}',
  from: '{stored_from:Int64}',
  to: '{stored_to:Int64}',
} as const

const hour = 3600

/** Rows of a rollup that count. */
export function storedWithin(
  { name, tables }: Rollup,
  table = tables[0]!,
  { space, from, to }: Readonly<Record<keyof typeof storedParameters, string>> = storedParameters,
): string {
  const range = `window_start >= toDateTime64(${from}, 0, 'UTC') AND window_start < toDateTime64(${to}, 0, 'UTC')`
  return `${table}.space = ${space} AND ${range}
    AND (window_start, run) IN (
      SELECT window_start, max(run) FROM rollup_windows
      WHERE space = ${space} AND rollup = '${name}' AND ${range}
      GROUP BY window_start
    )`
}

/** Rows of a rollup by hour that count, of the hours that are up to date. */
export function storedHours(
  rollup: Rollup,
  table: string,
  { from, to, gaps }: CurrentHours,
  space: string,
  parameters: Parameters,
): string {
  const stored = storedWithin(rollup, table, {
    space: parameters.value('String', space),
    from: parameters.value('Int64', from),
    to: parameters.value('Int64', to),
  })
  if (gaps.length === 0) return stored
  return `${stored} AND toUnixTimestamp64Second(window_start) NOT IN ${parameters.value('Array(Int64)', gaps)}`
}

const lastQuery = `
SELECT toString(toUnixTimestamp64Second(max(window_start))) AS start FROM rollup_windows
WHERE space = {space:String} AND rollup = {rollup:String}
  AND window_start >= toDateTime64({from:Int64}, 0, 'UTC') AND window_start < toDateTime64({to:Int64}, 0, 'UTC')`

/** Start of the last window of a range that is computed; 0 when none is. Seconds since 1970. */
function lastWindow(scope: Scope, { name }: Rollup, from: number, to: number): Promise<number> {
  return remembered(scope, ['last window', name, from, to], async () => {
    const params = { space: scope.space, rollup: name, from, to }
    const [last] = await scope.reader.query<{ start: string }>({ sql: lastQuery, params, signal: scope.signal })
    return Number(last?.start ?? 0)
  })
}

const arrivalsQuery = `
SELECT toString(toUnixTimestamp64Second(span_arrivals.minute)) AS at, toString(sum(span_arrivals.spans)) AS spans
FROM span_arrivals
WHERE space = {space:String} AND span_arrivals.minute >= toDateTime64({from:Int64}, 0, 'UTC')
  AND span_arrivals.minute < toDateTime64({to:Int64}, 0, 'UTC')
GROUP BY span_arrivals.minute ORDER BY span_arrivals.minute DESC`

/**
 * Where the computed windows of a range end, and spans are read instead. Later, when those are more than anybody should
 * wait for. All in seconds since 1970.
 */
export async function liveFrom(
  scope: Scope,
  rollup: Rollup,
  { from, to }: { from: number; to: number },
  mostSpans: number,
): Promise<number> {
  // Times that begin and end with an hour, so that what was found for one range is of use for the next.
  const last = await lastWindow(scope, rollup, Math.floor(from / hour) * hour, Math.ceil(to / hour) * hour)
  const end = Math.max(from, last + rollup.windowSeconds)
  if (end >= to) return to
  const arrivals = await scope.reader.query<{ at: string; spans: string }>({
    sql: arrivalsQuery,
    params: { space: scope.space, from: end, to },
    signal: scope.signal,
  })
  let spans = 0
  for (const { at, spans: more } of arrivals) {
    spans += Number(more)
    if (spans > mostSpans) return Math.min(to, Number(at) + 60)
  }
  return end
}
