import { absent, array, boolKind, bytes, doubleKind, int, kvlist, string } from '../any-value.ts'
import type { AnyValue, JsonDouble, LogRecord, LogsData, ScopeLogs } from '../otlp-json.ts'
import type { LogRow, ResourceRow, ScopeRow } from '../rows.ts'
import { attributes, compact, double, given, id } from './fields.ts'
import { Grouping } from './grouping.ts'

const ownTime = 0

/**
 * Rows of `logs` as OTLP/JSON, grouped by resource and scope; all that was sent is in it again, and nothing that was
 * not: a record without a time of its own has none. `resources` and `scopes` are by hash.
 */
export function logsData(
  rows: Iterable<LogRow>,
  resources: ReadonlyMap<string, ResourceRow>,
  scopes: ReadonlyMap<string, ScopeRow>,
): LogsData {
  const grouping = new Grouping<LogRecord>(resources, scopes)
  for (const row of rows) grouping.add(row, logRecord(row))
  return {
    resourceLogs: [...grouping.groups.values()].map((group) => ({
      ...compact<{ schemaUrl?: string }>({ schemaUrl: group.schemaUrl }),
      resource: group.resource,
      scopeLogs: [...group.scopes.values()].map(({ scope, schemaUrl, items }) =>
        compact<ScopeLogs>({ scope, schemaUrl, logRecords: items }),
      ),
    })),
  }
}

/** One row of `logs` as an OTLP/JSON LogRecord. */
export function logRecord(row: LogRow): LogRecord {
  return compact<LogRecord>({
    timeUnixNano: row.time_source === ownTime ? given(row.timeNano) : undefined,
    observedTimeUnixNano: given(row.observedNano),
    severityNumber: given(row.severity),
    severityText: given(row.severity_text),
    body: logBody(row),
    attributes: attributes(row),
    droppedAttributesCount: given(row.dropped_attributes),
    flags: given(row.flags),
    traceId: id(row.traceId),
    spanId: id(row.spanId),
    eventName: given(row.event_name),
  })
}

/** The body of a log record as an AnyValue; undefined for none. */
export function logBody({ body, body_type }: Pick<LogRow, 'body' | 'body_type'>): AnyValue | undefined {
  switch (body_type) {
    case absent:
      return undefined
    case string:
      return { stringValue: body }
    case boolKind:
      return { boolValue: body === 'true' }
    case int:
      return { intValue: body }
    case doubleKind:
      return { doubleValue: Number.isFinite(Number(body)) ? double(Number(body)) : (body as JsonDouble) }
    case array:
    case kvlist:
      return JSON.parse(body) as AnyValue
    case bytes:
      return { bytesValue: body }
    default:
      throw new Error(`logs.body_type is ${body_type}`)
  }
}
