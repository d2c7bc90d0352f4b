import type { QueryContext } from '../../querying/context/query-context.ts'
import { boundParams, readTraceBounds, withinBounds } from './trace-index.ts'

/** What a tree is made of, by columns: a trace of 100,000 spans is a few megabytes. Spans are in the order of their start. */
export interface TraceColumns {
  readonly count: number
  /** Decimal nanoseconds. */
  readonly start: string
  readonly truncated: boolean
  /** Sixteen hex digits each, one after the other; a parent of zeros is none. */
  readonly ids: string
  readonly parents: string
  /** From the start of the trace, and how long; nanoseconds. */
  readonly offsets: readonly number[]
  readonly durations: readonly number[]
  readonly services: readonly string[]
  readonly names: readonly string[]
  readonly kinds: readonly number[]
  readonly statuses: readonly number[]
}

const maxSpans = 250_000

const query = `
SELECT toUInt32(count()) AS count, toString(min(at)) AS start, arrayStringConcat(groupArray(lower(hex(span_id)))) AS ids,
  arrayStringConcat(groupArray(lower(hex(parent_id)))) AS parents,
  arrayMap(each -> toFloat64(each - min(at)), groupArray(at)) AS offsets, groupArray(toFloat64(greatest(duration, 0))) AS durations,
  groupArray(toString(service)) AS services, groupArray(toString(name)) AS names, groupArray(kind) AS kinds, groupArray(status) AS statuses
FROM (
  SELECT span_id, parent_id, toUnixTimestamp64Nano(spans.start) AS at, duration, service, name, kind, status
  FROM spans
  WHERE received >= now() - toIntervalDay({days:UInt32}) AND ${withinBounds}
    AND trace_id = toFixedString(unhex({traceId:String}), 16)
  ORDER BY spans.start, span_id
  LIMIT 1 BY span_id, spans.start, kind
  LIMIT ${maxSpans + 1}
)`

/** @returns undefined when there is no such trace */
export async function readColumns(context: QueryContext, traceId: string): Promise<TraceColumns | undefined> {
  const bounds = await readTraceBounds(context, [traceId])
  if (!bounds) return undefined
  const [row] = await context.reader.query<Omit<TraceColumns, 'truncated'>>({
    sql: query,
    reads: 'little',
    params: { days: context.retention.traces, traceId, ...boundParams(bounds) },
    signal: context.signal,
  })
  if (!row || row.count === 0) return undefined
  return { ...row, count: Math.min(row.count, maxSpans), truncated: row.count > maxSpans }
}
