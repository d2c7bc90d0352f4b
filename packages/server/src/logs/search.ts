import { levelOf } from '@burstlet/contract/common'
import type { LogRecord, LogsAnswer } from '@burstlet/contract/logs'
import { type AttributeMaps, anyValue, attributeColumns, attributesOf } from '../search/attributes.ts'
import { encodeCursor, type Position } from '../search/cursor.ts'
import { newestFirst } from '../search/newest-first.ts'
import type { Scope } from '../search/query-options.ts'
import { readSenders, type Senders } from '../search/senders.ts'
import { Parameters } from '../search/statement.ts'
import { isoOfNanoseconds, type TimeRange } from '../search/time-range.ts'
import { type LogSearch, matchLogs } from './match.ts'
import { wordsThenParts } from './whole-words.ts'

interface LogRow extends AttributeMaps {
  readonly record_id: string
  readonly time_ns: string
  readonly service: string
  readonly severity: number
  readonly severity_text: string
  readonly event_name: string
  readonly trace_id: string
  readonly span_id: string
  readonly body: string
  readonly body_type: number
  readonly res_hash: string
  readonly scope_hash: string
}

const columns = `record_id, toString(toUnixTimestamp64Nano(logs.time)) AS time_ns, service, severity, severity_text, event_name,
  if(logs.trace_id = toFixedString('', 16), '', lower(hex(logs.trace_id))) AS trace_id,
  if(logs.span_id = toFixedString('', 8), '', lower(hex(logs.span_id))) AS span_id,
  body, body_type, res_hash, scope_hash, ${attributeColumns}`

/** A cursor of a search that went on to parts of words says so, so that every page has the same meaning. */
const partsMark = 'p'

/** Records newest first; those of one time by their id. */
export async function searchLogs(
  scope: Scope,
  search: LogSearch,
  range: TimeRange,
  limit: number,
  after?: Position,
): Promise<LogsAnswer> {
  const parts = after?.[1].startsWith(partsMark) ?? false
  const position = after && ([after[0], after[1].replace(partsMark, '')] as const)
  const ask = async (each: LogSearch) => ({
    rows: await readRows(scope, each, clip(range, position), limit + 1, position),
    parts: each.partsOfWords === true,
  })
  const asked = { ...search, partsOfWords: parts }
  const found = after ? await ask(asked) : await wordsThenParts(asked, ask, ({ rows }) => rows.length === 0)
  const shown = found.rows.slice(0, limit)
  const senders = await readSenders(scope, shown)
  const last = found.rows.length > limit ? shown.at(-1) : undefined
  return {
    items: shown.map((row) => recordOf(row, senders)),
    nextCursor: last ? encodeCursor([last.time_ns, `${found.parts ? partsMark : ''}${last.record_id}`]) : null,
  }
}

function readRows(
  scope: Scope,
  search: LogSearch,
  range: TimeRange,
  limit: number,
  after: Position | undefined,
): Promise<LogRow[]> {
  return newestFirst(range, limit, (slice, remaining) => {
    const parameters = new Parameters()
    const match = matchLogs(search, scope, slice, parameters)
    return scope.reader.query<LogRow>({
      sql: `SELECT ${columns} FROM logs WHERE ${match}${after ? beforePosition(after, parameters) : ''}
ORDER BY logs.time DESC, record_id DESC LIMIT ${parameters.value('UInt32', remaining)}`,
      params: parameters.params,
      signal: scope.signal,
    })
  })
}

function beforePosition([time, id]: Position, parameters: Parameters): string {
  const at = `fromUnixTimestamp64Nano(${parameters.value('Int64', time)})`
  return ` AND (logs.time < ${at} OR (logs.time = ${at} AND record_id < ${parameters.value('UInt64', id)}))`
}

/** Nothing after the cursor is on this page, so it need not be read. */
function clip(range: TimeRange, after: Position | undefined): TimeRange {
  if (!after) return range
  const to = Math.min(range.to, Number(BigInt(after[0]) / 1_000_000n) + 1)
  return { from: range.from, to: Math.max(range.from, to) }
}

function recordOf(row: LogRow, senders: Senders): LogRecord {
  return {
    id: row.record_id,
    level: levelOf(row.severity),
    severityNumber: row.severity,
    severityText: row.severity_text,
    message: messageOf(row),
    timestamp: isoOfNanoseconds(row.time_ns),
    timeUnixNano: row.time_ns,
    service: row.service,
    eventName: row.event_name,
    metadata: attributesOf(row),
    resource: senders.resource(row.res_hash),
    scope: senders.scope(row.scope_hash),
    trace: row.trace_id === '' ? null : { traceId: row.trace_id, spanId: row.span_id },
  }
}

const arrayBody = 5

/** Bodies that hold others are kept as AnyValue; a reader wants their plain JSON. */
function messageOf({ body, body_type }: LogRow): string {
  if (body_type < arrayBody || body === '') return body
  try {
    return JSON.stringify(anyValue(JSON.parse(body)))
  } catch {
    return body
  }
}
