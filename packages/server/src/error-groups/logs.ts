import { Hash64 } from '@burstlet/otlp/hash'
import { isLogError, logErrorColumns, logErrorsFrom, logErrorsRollup } from '../rollups/errors.ts'
import { storedWindows } from '../rollups/stored.ts'
import type { Scope } from '../search/query-options.ts'
import { all, Parameters } from '../search/statement.ts'
import type { TimeRange } from '../search/time-range.ts'
import type { Mapped } from '../source-maps/map-stack.ts'
import { type ErrorTimes, errorTimes, withinAny } from './error-times.ts'
import { type FoundErrors, groupIdOf } from './found.ts'
import { mapGroups } from './mapped.ts'
import type { ErrorQuestion } from './span-samples.ts'
import type { CountRow } from './spans.ts'

interface ShapeRow {
  readonly service: string
  /** A source map is one of a version. */
  readonly version: string
  readonly type: string
  readonly shape: string
  readonly count: string
  readonly first: string
  readonly last: string
  readonly newest: [message: string, stack: string, traceId: string, spanId: string]
}

export type LogErrors = FoundErrors & Pick<ShapeRow, 'version' | 'shape'>

const mostShapes = 5000

/** Near enough to the group to bring millions of records down to some rows: service, version, type, shape. */
interface ShapeQuestion {
  readonly service?: string | undefined
  readonly shapes?: readonly string[]
}

/** Rows of hours and of records alike, as a table of a FROM. */
function errorRows(
  scope: Scope,
  { service, shapes }: ShapeQuestion,
  { hours, rest }: ErrorTimes,
  parameters: Parameters,
): string {
  const ofService = service === undefined ? undefined : `service = ${parameters.value('String', service)}`
  const ofShapes = shapes && `shape IN ${parameters.value('Array(UInt64)', shapes.map(BigInt))}`
  const stored =
    hours &&
    `SELECT service, version, type, shape, toUnixTimestamp64Second(window_start) * 1000 AS at, records, first, last, message, stack, trace_id, span_id
FROM log_errors_1h
WHERE ${all([storedWindows(logErrorsRollup, 'log_errors_1h', hours, scope.space, parameters), ofService, ofShapes])}`
  const raw =
    rest.length > 0 &&
    `SELECT service, version, type, shape, toUnixTimestamp64Milli(time) AS at, toUInt64(1) AS records, time AS first, time AS last,
  message, stack, trace_id, span_id
FROM (
  SELECT logs.time AS time, ${logErrorColumns}
  FROM ${logErrorsFrom(parameters.value('String', scope.space))}
  WHERE ${all([
    `space = ${parameters.value('String', scope.space)}`,
    `received >= now() - toIntervalDay(${parameters.value('UInt32', scope.retention.logs)})`,
    withinAny('logs.time', rest, parameters),
    ofService,
    isLogError,
  ])}
)
WHERE ${ofShapes ?? '1'}`
  return `(${[stored, raw].filter(Boolean).join('\nUNION ALL\n')}) AS errors`
}

const noId = /^0*$/

/** Groups of the log records of a range that carry an exception, under the fingerprint that a span with it would have. */
export async function readLogErrors(scope: Scope, range: TimeRange, question: ErrorQuestion): Promise<LogErrors[]> {
  const times = await errorTimes(scope, logErrorsRollup, range, scope.retention.logs)
  const parameters = new Parameters()
  const rows = await scope.reader.query<ShapeRow>({
    sql: `
SELECT service, version, type, toString(shape) AS shape, toString(sum(errors.records)) AS count,
  toString(toUnixTimestamp64Nano(min(errors.first))) AS first, toString(toUnixTimestamp64Nano(max(errors.last))) AS last,
  argMax((message, stack, lower(hex(trace_id)), lower(hex(span_id))), errors.last) AS newest
FROM ${errorRows(scope, question, times, parameters)}
GROUP BY service, version, type, shape
ORDER BY sum(errors.records) DESC LIMIT ${mostShapes}`,
    params: parameters.params,
    signal: scope.signal,
  })
  const mapped = await mapGroups(
    scope,
    rows.map(({ service, version, newest }) => ({ service, version, stack: newest[1] })),
  )
  const hash = new Hash64()
  return rows
    .map((row, index) => foundErrors(row, mapped[index] ?? null, hash))
    .filter(({ id }) => question.group === undefined || id === question.group)
}

function foundErrors(row: ShapeRow, mapped: Mapped | null, hash: Hash64): LogErrors {
  const { service, version, type, shape, count, first, last, newest } = row
  const [message, stack, traceId, spanId] = newest
  return {
    id: groupIdOf({ service, type, message, stack: mapped?.grouping ?? stack, operation: '' }, hash),
    version,
    shape,
    type,
    services: [service],
    spans: 0,
    logs: Number(count),
    first,
    last,
    stack,
    mappedStack: mapped?.stack ?? null,
    samples: [
      {
        time: last,
        service,
        operation: '',
        message,
        traceId: noId.test(traceId) ? null : traceId,
        spanId: noId.test(spanId) ? null : spanId,
      },
    ],
  }
}

/** @param found of one group @param step seconds */
export async function countLogErrors(
  scope: Scope,
  range: TimeRange,
  found: readonly LogErrors[],
  step: number,
): Promise<CountRow[]> {
  if (found.length === 0) return []
  const times = await errorTimes(scope, logErrorsRollup, range, scope.retention.logs, step)
  const parameters = new Parameters()
  const length = parameters.value('Int64', step * 1000)
  // A group is of one service, and of one type.
  const shapes = found.map(({ shape }) => shape)
  const versions = found.map(({ version }) => version)
  const rows = await scope.reader.query<{ bucket: string; count: string }>({
    sql: `
SELECT toString(intDiv(at, ${length}) * ${length}) AS bucket, toString(sum(errors.records)) AS count
FROM ${errorRows(scope, { service: found[0]!.services[0], shapes }, times, parameters)}
WHERE type = ${parameters.value('String', found[0]!.type)}
  AND has(arrayZip(${parameters.value('Array(String)', versions)}, ${parameters.value('Array(UInt64)', shapes.map(BigInt))}),
    (CAST(version, 'String'), shape))
GROUP BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  return rows.map(({ bucket, count }) => ({ bucket, count: Number(count) }))
}
