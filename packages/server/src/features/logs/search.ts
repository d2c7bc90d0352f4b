import { levelOf } from '@burstlet/contract/common'
import type { LogRecord, LogsResponse } from '@burstlet/contract/logs'
import type { AttributeColumns } from '@burstlet/otlp/rows'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { readSenders, type Senders } from '../../querying/context/senders.ts'
import { anyValue, attributeColumns, attributesOf } from '../../querying/statements/attributes.ts'
import type { Position } from '../../querying/time/cursor.ts'
import { isoOfNanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { withMappedLogs } from '../source-maps/of-answers.ts'
import type { LogSearch } from './match.ts'
import { type OrderedRow, readLogPage } from './read-page.ts'

export interface LogRow extends AttributeColumns, OrderedRow {
  readonly service: string
  readonly severity: number
  readonly severity_text: string
  readonly event_name: string
  readonly traceId: string
  readonly spanId: string
  readonly body: string
  readonly body_type: number
  readonly res_hash: string
  readonly scope_hash: string
}

/** Select list of a {@link LogRow}. */
export const logColumns = `record_id, toString(toUnixTimestamp64Nano(logs.time)) AS timeNano, service, severity, severity_text, event_name,
  if(trace_id = toFixedString('', 16), '', lower(hex(trace_id))) AS traceId,
  if(span_id = toFixedString('', 8), '', lower(hex(span_id))) AS spanId,
  body, body_type, res_hash, scope_hash, ${attributeColumns}`

/** Records newest first; those of one time by their id. */
export async function searchLogs(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  limit: number,
  after?: Position,
): Promise<LogsResponse> {
  const { rows, nextCursor } = await readLogPage<LogRow>(context, logColumns, search, range, limit, after)
  return { items: await recordsOf(context, rows), nextCursor }
}

/** Rows with who sent them, in their order. */
export async function recordsOf(context: QueryContext, rows: readonly LogRow[]): Promise<LogRecord[]> {
  const senders = await readSenders(context, rows)
  return withMappedLogs(
    context,
    rows.map((row) => recordOf(row, senders)),
  )
}

function recordOf(row: LogRow, senders: Senders): LogRecord {
  return {
    id: row.record_id,
    level: levelOf(row.severity),
    severityNumber: row.severity,
    severityText: row.severity_text,
    message: messageOf(row),
    timestamp: isoOfNanoseconds(row.timeNano),
    timeUnixNano: row.timeNano,
    service: row.service,
    eventName: row.event_name,
    metadata: attributesOf(row),
    resource: senders.resource(row.res_hash),
    scope: senders.scope(row.scope_hash),
    trace: row.traceId === '' ? null : { traceId: row.traceId, spanId: row.spanId },
  }
}

/** Field number of the first AnyValue variant that holds others. */
const arrayBody = 5
const kvlistBody = 6

/** Bodies that hold others are kept as AnyValue; a reader wants their plain JSON. */
function messageOf({ body, body_type }: LogRow): string {
  if (body_type !== arrayBody && body_type !== kvlistBody) return body
  try {
    return JSON.stringify(anyValue(JSON.parse(body)))
  } catch {
    return body
  }
}
