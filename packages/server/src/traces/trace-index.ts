import type { Scope } from '../search/query-options.ts'

/** When the spans of some traces begin and end: seconds since 1970, both included. */
export interface TraceBounds {
  readonly start: string
  readonly end: string
}

const boundsQuery = `
SELECT toString(min(start)) AS start, toString(max(end)) AS end, count() AS found
FROM trace_index
WHERE space = {space:String} AND day >= toDate(now() - toIntervalDay({days:UInt32}))
  AND trace_key IN (SELECT reinterpretAsUInt64(substring(unhex(arrayJoin({ids:Array(String)})), 9, 8)))`

/** @param ids in hex @returns undefined when there is no such trace */
export async function readTraceBounds(scope: Scope, ids: readonly string[]): Promise<TraceBounds | undefined> {
  const [row] = await scope.reader.query<TraceBounds & { found: string }>({
    sql: boundsQuery,
    params: { space: scope.space, days: scope.retention.traces, ids },
    signal: scope.signal,
  })
  return row && row.found !== '0' ? row : undefined
}

/** Bounds of `start` of a span, for `WHERE`; the parameters are `boundStart` and `boundEnd`. */
export const withinBounds = `start >= fromUnixTimestamp64Nano({boundStart:Int64} * 1000000000)
  AND start < fromUnixTimestamp64Nano(({boundEnd:Int64} + 1) * 1000000000)`
