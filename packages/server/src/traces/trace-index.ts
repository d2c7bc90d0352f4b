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

const lastNanosecond = 9_223_372_036_854_775_807n

/** Bounds of the start of a span, for `WHERE` with {@link boundParams}. */
export const withinBounds = `spans.start >= fromUnixTimestamp64Nano({boundStart:Int64})
  AND spans.start <= fromUnixTimestamp64Nano({boundEnd:Int64})`

/** The seconds of the index as whole nanoseconds; the last second that DateTime64(9) has is not a whole one. */
export function boundParams(bounds: TraceBounds): Record<'boundStart' | 'boundEnd', string> {
  const end = (BigInt(bounds.end) + 1n) * 1_000_000_000n - 1n
  return {
    boundStart: String(BigInt(bounds.start) * 1_000_000_000n),
    boundEnd: String(end > lastNanosecond ? lastNanosecond : end),
  }
}
