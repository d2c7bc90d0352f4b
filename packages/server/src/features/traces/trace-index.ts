import type { QueryContext } from '../../querying/context/query-context.ts'

/** When the spans of some traces begin and end: seconds since 1970, both included. */
export interface TraceBounds {
  readonly start: string
  readonly end: string
}

const boundsQuery = `
SELECT toString(trace_key) AS key, toString(min(start)) AS first, toString(max(end)) AS last
FROM trace_index
WHERE day >= toDate(now() - toIntervalDay({days:UInt32})) AND trace_key IN {keys:Array(UInt64)}
GROUP BY trace_key`

/** `trace_key` of a trace: the last 8 bytes of its id. @param id in hex, of 32 digits */
const keyOf = (id: string) => Buffer.from(id, 'hex').readBigUInt64LE(8)

/** @param ids in hex, of 32 digits @returns bounds of those that there are, by id */
export async function readEachTraceBounds(
  context: QueryContext,
  ids: readonly string[],
): Promise<Map<string, TraceBounds>> {
  const rows = await context.reader.query<{ key: string; first: string; last: string }>({
    sql: boundsQuery,
    params: { days: context.retention.traces, keys: ids.map(keyOf) },
    signal: context.signal,
  })
  const byKey = new Map(rows.map(({ key, first, last }) => [key, { start: first, end: last }]))
  return new Map(
    ids.flatMap((id) => {
      const bounds = byKey.get(String(keyOf(id)))
      return bounds ? [[id, bounds]] : []
    }),
  )
}

/** Of all of them together. @param ids in hex @returns undefined when there is no such trace */
export async function readTraceBounds(context: QueryContext, ids: readonly string[]): Promise<TraceBounds | undefined> {
  return boundsOfAll([...(await readEachTraceBounds(context, ids)).values()])
}

/** From the first to the last; undefined of none. */
export function boundsOfAll(bounds: readonly TraceBounds[]): TraceBounds | undefined {
  return bounds.reduce<TraceBounds | undefined>(
    (all, { start, end }) => ({
      start: !all || BigInt(start) < BigInt(all.start) ? start : all.start,
      end: !all || BigInt(end) > BigInt(all.end) ? end : all.end,
    }),
    undefined,
  )
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
