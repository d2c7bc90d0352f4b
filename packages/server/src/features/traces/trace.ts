import { type Span, spanKindOf, spanStatusOf, type TraceResponse } from '@burstlet/contract/traces'
import type { AttributeColumns } from '@burstlet/otlp/rows'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { readSenders, type Senders } from '../../querying/context/senders.ts'
import { attributeColumns, attributesOf, attributesOfText } from '../../querying/statements/attributes.ts'
import { encodeCursor, type Position } from '../../querying/time/cursor.ts'
import { isoOfNanoseconds } from '../../querying/time/time-range.ts'
import { withMappedSpans } from '../source-maps/of-answers.ts'
import { boundParams, readTraceBounds, withinBounds } from './trace-index.ts'

interface SpanRow extends AttributeColumns {
  readonly span_id: string
  readonly parent_id: string
  readonly service: string
  readonly name: string
  readonly kind: number
  readonly start: string
  readonly end: string
  readonly status: number
  readonly status_message: string
  readonly trace_state: string
  readonly flags: number
  readonly url_full: string | null
  readonly user_id: string | null
  readonly session_id: string | null
  readonly dropped_attributes: number
  readonly dropped_events: number
  readonly dropped_links: number
  readonly events: [time: string, name: string, attributes: string, dropped: number][]
  readonly links: [traceId: string, spanId: string, state: string, flags: number, attributes: string, dropped: number][]
  readonly res_hash: string
  readonly scope_hash: string
}

const spansQuery = `
SELECT lower(hex(span_id)) AS span_id,
  if(spans.parent_id = toFixedString('', 8), '', lower(hex(spans.parent_id))) AS parent_id,
  service, name, kind,
  toString(toUnixTimestamp64Nano(spans.start)) AS start,
  toString(toUnixTimestamp64Nano(spans.start) + duration) AS end,
  status, status_message, trace_state, flags, url_full, user_id, session_id, ${attributeColumns},
  dropped_attributes, dropped_events, dropped_links,
  arrayMap((time, name, attributes, dropped) -> tuple(toString(toUnixTimestamp64Nano(time)), name, attributes, dropped),
    \`events.time\`, \`events.name\`, \`events.attributes\`, \`events.dropped_attributes\`) AS events,
  arrayMap((trace, span, state, flags, attributes, dropped) -> tuple(lower(hex(trace)), lower(hex(span)), state, flags, attributes, dropped),
    \`links.trace_id\`, \`links.span_id\`, \`links.trace_state\`, \`links.flags\`, \`links.attributes\`, \`links.dropped_attributes\`) AS links,
  res_hash, scope_hash
FROM spans
WHERE received >= now() - toIntervalDay({days:UInt32}) AND ${withinBounds}
  AND trace_id = toFixedString(unhex({traceId:String}), 16)
  AND (toUnixTimestamp64Nano(spans.start), lower(hex(spans.span_id))) > ({afterTime:Int64}, {afterId:String})
ORDER BY spans.start, spans.span_id
LIMIT 1 BY spans.span_id, spans.start, kind
LIMIT {limit:UInt32}`

/**
 * The spans of a trace by start, with everything that was sent.
 * @returns undefined when there is no such trace
 */
export async function readTrace(
  context: QueryContext,
  traceId: string,
  limit: number,
  after: Position = ['-9223372036854775808', ''],
): Promise<TraceResponse | undefined> {
  const bounds = await readTraceBounds(context, [traceId])
  if (!bounds) return undefined
  const rows = await context.reader.query<SpanRow>({
    sql: spansQuery,
    reads: 'little',
    params: {
      days: context.retention.traces,
      traceId,
      ...boundParams(bounds),
      afterTime: after[0],
      afterId: after[1],
      limit: limit + 1,
    },
    signal: context.signal,
  })
  if (rows.length === 0 && after[1] === '') return undefined
  const shown = rows.slice(0, limit)
  const senders = await readSenders(context, shown)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return {
    traceId,
    spans: await withMappedSpans(
      context,
      shown.map((row) => spanOf(traceId, row, senders)),
    ),
    nextCursor: last ? encodeCursor([last.start, last.span_id]) : null,
  }
}

function spanOf(traceId: string, row: SpanRow, senders: Senders): Span {
  const duration = BigInt(row.end) - BigInt(row.start)
  return {
    traceId,
    spanId: row.span_id,
    parentSpanId: row.parent_id === '' ? null : row.parent_id,
    service: row.service,
    name: row.name,
    kind: spanKindOf(row.kind),
    startTime: isoOfNanoseconds(row.start),
    startTimeUnixNano: row.start,
    endTimeUnixNano: row.end,
    durationMs: duration > 0n ? Number(duration) / 1e6 : 0,
    status: spanStatusOf(row.status),
    statusMessage: row.status_message,
    traceState: row.trace_state,
    flags: row.flags,
    attributes: { ...attributesOf(row), ...moved(row) },
    resource: senders.resource(row.res_hash),
    scope: senders.scope(row.scope_hash),
    events: row.events.map(([time, name, attributes, dropped]) => ({
      name,
      time: isoOfNanoseconds(time),
      timeUnixNano: time,
      attributes: attributesOfText(attributes),
      droppedAttributesCount: dropped,
    })),
    links: row.links.map(([linkedTrace, spanId, traceState, flags, attributes, dropped]) => ({
      traceId: linkedTrace,
      spanId,
      traceState,
      flags,
      attributes: attributesOfText(attributes),
      droppedAttributesCount: dropped,
    })),
    droppedAttributesCount: row.dropped_attributes,
    droppedEventsCount: row.dropped_events,
    droppedLinksCount: row.dropped_links,
  }
}

/** Attributes that the table keeps in columns of their own, put back under their names. */
function moved(row: SpanRow): Record<string, string> {
  return {
    ...(row.url_full !== null && { 'url.full': row.url_full }),
    ...(row.user_id !== null && { 'user.id': row.user_id }),
    ...(row.session_id !== null && { 'session.id': row.session_id }),
  }
}
