import { levelOf } from '@burstlet/contract/common'
import type { QueryColumn, QueryResult } from '@burstlet/contract/query'
import { spanKindOf, spanStatusOf } from '@burstlet/contract/traces'
import type { AttributeColumns } from '@burstlet/otlp/rows'
import { movedAttributes } from '@burstlet/otlp/semantic-conventions'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { readSenders, type Senders } from '../../querying/context/senders.ts'
import { contextOf, type EventSignal, fieldsOf, matchEvents } from '../../querying/events/match-events.ts'
import { attributeColumns, attributesOf } from '../../querying/statements/attributes.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { decodeCursor, encodeCursor, type Position } from '../../querying/time/cursor.ts'
import { newestFirst } from '../../querying/time/newest-first.ts'
import { isoOfNanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { readMetricPoints } from './metric-points.ts'
import type { PlannedQuery } from './plan.ts'

interface RawRow extends AttributeColumns {
  readonly timeNano: string
  /** What orders rows of one time. */
  readonly id: string
  readonly traceId: string
  readonly spanId: string
  readonly service: string
  readonly res_hash: string
  readonly scope_hash: string
  readonly name: string
  readonly parentId: string
  readonly kind: number
  readonly status: number
  readonly durationNs: string
  readonly moved: (string | null)[]
  readonly body: string
  readonly severity: number
  readonly texts: string[]
  readonly numbers: (number | null)[]
}

/** Order of rows of one time, and what only one of the tables has. */
const tables = {
  spans: {
    time: 'spans.start',
    id: `lower(hex(spans.span_id))`,
    columns: `name, if(parent_id = toFixedString('', 8), '', lower(hex(parent_id))) AS parentId, kind, status,
  toString(greatest(duration, 0)) AS durationNs, [${Object.keys(movedAttributes).join(', ')}] AS moved`,
  },
  logs: {
    time: 'logs.time',
    id: `leftPad(toString(logs.record_id), 20, '0')`,
    columns: 'body, severity',
  },
} as const

const spanColumns = ['span_id', 'parent_span_id', 'name', 'kind', 'status', 'duration']
const columnNames = {
  spans: ['timestamp', 'service.name', 'trace_id', ...spanColumns, 'attributes', 'resource'],
  logs: ['timestamp', 'id', 'service.name', 'level', 'body', 'trace_id', 'span_id', 'attributes', 'resource'],
} as const

/** Rows newest first; those of one time by their id. */
export async function readRawRows(
  query: PlannedQuery,
  context: QueryContext,
  range: TimeRange,
): Promise<{ result: QueryResult; source: string }> {
  if (query.signal === 'metrics') return readMetricPoints(query, context, range)
  const { signal, limit, fields } = query
  const after = decodeCursor(query.cursor, /^[0-9a-f]{16,20}$/)
  const found = await newestFirst(clip(range, after), limit + 1, (slice, remaining) =>
    readSlice(query, context, slice, remaining, after),
  )
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  const senders = fields ? undefined : await readSenders(context, rows)
  const names = fields ? ['timestamp', ...fields] : columnNames[signal]
  const base = { kind: 'raw', truncated: last !== undefined } as const
  return {
    source: signal,
    result: {
      ...base,
      columns: names.map((name) => columnOf(name, fields !== undefined)),
      rows: rows.map((row) => (fields ? chosen(row) : whole(row, signal, senders!))),
      nextCursor: last ? encodeCursor([last.timeNano, last.id]) : null,
    },
  }
}

function readSlice(
  query: PlannedQuery,
  context: QueryContext,
  slice: TimeRange,
  limit: number,
  after: Position | undefined,
): Promise<RawRow[]> {
  const signal = query.signal as EventSignal
  const { time, id, columns } = tables[signal]
  const parameters = new Parameters()
  const filterContext = contextOf(context, signal, parameters)
  const row = fieldsOf(signal, filterContext)
  const texts = query.fields?.map((name) => row.text(name))
  const numbers = query.fields?.map((name) => (row.texts(name) ? 'NULL' : `toNullable(${row.number(name)})`))
  const id16 = (column: string, bytes: number) =>
    `if(${column} = toFixedString('', ${bytes}), '', lower(hex(${column})))`
  const selected = texts
    ? `[${texts.join(', ')}] AS texts, [${numbers!.join(', ')}]::Array(Nullable(Float64)) AS numbers`
    : `${id16(`${signal}.trace_id`, 16)} AS traceId, ${id16(`${signal}.span_id`, 8)} AS spanId,
  service, res_hash, scope_hash, ${columns}, ${attributeColumns}`
  return context.reader.query<RawRow>({
    sql: `
SELECT toString(toUnixTimestamp64Nano(${time})) AS timeNano, ${id} AS id, ${selected}
FROM ${row.from}
WHERE ${matchEvents(signal, query.filter, slice, filterContext)}${after ? before(time, id, after, parameters) : ''}
ORDER BY ${time} DESC, id DESC
LIMIT ${parameters.value('UInt32', limit)}`,
    params: parameters.params,
    signal: context.signal,
  })
}

function before(time: string, id: string, [at, last]: Position, parameters: Parameters): string {
  const moment = `fromUnixTimestamp64Nano(${parameters.value('Int64', at)})`
  return ` AND (${time} < ${moment} OR (${time} = ${moment} AND ${id} < ${parameters.value('String', last)}))`
}

/** What is newer than the cursor was on earlier pages, so it need not be read. */
function clip(range: TimeRange, after: Position | undefined): TimeRange {
  if (!after) return range
  const to = Math.min(range.to, Number(BigInt(after[0]) / 1_000_000n) + 1)
  return { from: range.from, to: Math.max(range.from, to) }
}

/** Fields that were asked for: a number where it is one, null where there is none. */
function chosen({ timeNano, texts, numbers }: RawRow): unknown[] {
  return [isoOfNanoseconds(timeNano), ...texts.map((text, index) => numbers[index] ?? (text === '' ? null : text))]
}

function whole(row: RawRow, signal: EventSignal, senders: Senders): unknown[] {
  const time = isoOfNanoseconds(row.timeNano)
  const resource = senders.resource(row.res_hash)
  if (signal === 'logs') {
    const level = levelOf(row.severity)
    const id = row.id.replace(/^0+(?=\d)/, '')
    return [time, id, row.service, level, row.body, row.traceId, row.spanId, attributesOf(row), resource]
  }
  const moved = Object.values(movedAttributes).map((key, index) => [key, row.moved[index]] as const)
  const attributes = { ...attributesOf(row), ...Object.fromEntries(moved.filter(([, value]) => value !== null)) }
  const kind = spanKindOf(row.kind)
  const status = spanStatusOf(row.status)
  const duration = Number(row.durationNs) / 1e6
  const span = [row.spanId, row.parentId, row.name, kind, status, duration]
  return [time, row.service, row.traceId, ...span, attributes, resource]
}

function columnOf(name: string, chosen: boolean): QueryColumn {
  if (name === 'timestamp') return { name, type: 'time', role: 'time' }
  if (name === 'duration') return { name, type: 'number', role: 'value', unit: 'ms' }
  if (!chosen) return { name, type: name === 'attributes' || name === 'resource' ? 'object' : 'string', role: 'value' }
  return { name, type: 'any', role: 'value' }
}
