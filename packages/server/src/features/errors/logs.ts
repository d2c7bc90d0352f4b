import { Hash64 } from '@burstlet/otlp/hash'
import {
  isLogError,
  logErrorColumns,
  logErrorsFrom,
  logErrorsRollup,
  weightOnce,
} from '../../background/rollups/errors.ts'
import { storedWindows } from '../../background/rollups/stored.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { Mapped } from '../../querying/context/stack-maps.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
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
  /** All of them, and those that no span tells as well. */
  readonly records: string
  readonly count: string
  readonly first: string
  readonly last: string
  readonly newest: [message: string, stack: string, traceId: string, spanId: string, operation: string]
  /** What the records stand for of spans that failed without an exception event, by `error_group`. */
  readonly inPlaceOf: readonly [group: string, weight: number][]
}

export type LogErrors = FoundErrors & Pick<ShapeRow, 'version' | 'shape' | 'inPlaceOf'>

const maxShapes = 5000

/** Near enough to the group to bring millions of records down to some rows: service, version, type, shape. */
interface ShapeQuestion {
  readonly service?: string | undefined
  readonly shapes?: readonly string[]
}

/** Rows of hours and of records alike, as a table of a FROM. */
function errorRows(
  context: QueryContext,
  { service, shapes }: ShapeQuestion,
  { hours, rest }: ErrorTimes,
  parameters: Parameters,
): string {
  const ofService = service === undefined ? undefined : `service = ${parameters.value('String', service)}`
  const ofShapes = shapes && `shape IN ${parameters.value('Array(UInt64)', shapes.map(BigInt))}`
  const stored =
    hours &&
    `SELECT service, version, type, shape, toUnixTimestamp64Second(window_start) * 1000 AS at, records, first, last, message, stack, trace_id, span_id,
  told_by_span, span_group, span_weight, operation
FROM log_errors_1h
WHERE ${all([storedWindows(logErrorsRollup, 'log_errors_1h', hours, context.space, parameters), ofService, ofShapes])}`
  const raw = rest.length > 0 && rawRows(context, rest, ofService, ofShapes, parameters)
  return `(${[stored, raw].filter(Boolean).join('\nUNION ALL\n')}) AS errors`
}

function rawRows(
  context: QueryContext,
  rest: readonly TimeRange[],
  ofService: string | undefined,
  ofShapes: string | undefined,
  parameters: Parameters,
): string {
  const space = parameters.value('String', context.space)
  const records = all([
    `logs.received >= now() - toIntervalDay(${parameters.value('UInt32', context.retention.logs)})`,
    withinAny('logs.time', rest, parameters),
    ofService && `logs.${ofService}`,
    isLogError,
  ])
  const at = (milliseconds: number) =>
    `fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(milliseconds))})`
  const from = at(Math.min(...rest.map((range) => range.from)))
  const to = at(Math.max(...rest.map((range) => range.to)))
  return `SELECT service, version, type, shape, toUnixTimestamp64Milli(at) AS at, toUInt64(1) AS records, time AS first, time AS last,
  message, stack, trace_id, span_id, told_by_span, span_group, weight AS span_weight, operation
FROM (
  SELECT *, at AS time, ${weightOnce} AS weight
  FROM (
    SELECT logs.time AS at, ${logErrorColumns}
    FROM ${logErrorsFrom(space, records, from, to)}
    WHERE ${records}
  )
)
WHERE ${ofShapes ?? '1'}`
}

const noId = /^0*$/

/** Groups of the log records of a range that carry an exception, under the fingerprint that a span with it would have. */
export async function readLogErrors(
  context: QueryContext,
  range: TimeRange,
  question: ErrorQuestion,
): Promise<LogErrors[]> {
  const times = await errorTimes(context, logErrorsRollup, range, context.retention.logs)
  const parameters = new Parameters()
  const rows = await context.reader.query<ShapeRow>({
    sql: `
SELECT service, version, type, toString(shape) AS shape, toString(sum(errors.records)) AS records,
  toString(sumIf(errors.records, NOT told_by_span)) AS count,
  toString(toUnixTimestamp64Nano(min(errors.first))) AS first, toString(toUnixTimestamp64Nano(max(errors.last))) AS last,
  argMax((message, stack, lower(hex(trace_id)), lower(hex(span_id)), toString(operation)), errors.last) AS newest,
  arrayZip(arrayMap(group -> toString(group), mapKeys(sumMapIf(map(span_group, span_weight), span_group != 0) AS weights)), mapValues(weights)) AS inPlaceOf
FROM ${errorRows(context, question, times, parameters)}
GROUP BY service, version, type, shape
ORDER BY sum(errors.records) DESC LIMIT ${maxShapes}`,
    params: parameters.params,
    signal: context.signal,
  })
  const mapped = await mapGroups(
    context,
    rows.map(({ service, version, newest }) => ({ service, version, stack: newest[1] })),
  )
  const hash = new Hash64()
  return rows.map((row, index) => foundErrors(row, mapped[index] ?? null, hash))
}

function foundErrors(row: ShapeRow, mapped: Mapped | null, hash: Hash64): LogErrors {
  const { service, version, type, shape, records, count, first, last, newest, inPlaceOf } = row
  const [message, stack, traceId, spanId, operation] = newest
  return {
    id: groupIdOf({ service, type, message, stack: mapped?.grouping ?? stack, operation: '' }, hash),
    version,
    shape,
    type,
    services: [service],
    inPlaceOf,
    count: Number(count),
    spans: 0,
    logs: Number(records),
    first,
    last,
    stack,
    mappedStack: mapped?.stack ?? null,
    samples: [
      {
        time: last,
        service,
        operation,
        message,
        traceId: noId.test(traceId) ? null : traceId,
        spanId: noId.test(spanId) ? null : spanId,
      },
    ],
  }
}

/** @param found of one group @param step seconds */
export async function countLogErrors(
  context: QueryContext,
  range: TimeRange,
  found: readonly LogErrors[],
  step: number,
): Promise<CountRow[]> {
  if (found.length === 0) return []
  const times = await errorTimes(context, logErrorsRollup, range, context.retention.logs, step)
  const parameters = new Parameters()
  const length = parameters.value('Int64', step * 1000)
  // A group is of one service, and of one type.
  const shapes = found.map(({ shape }) => shape)
  const versions = found.map(({ version }) => version)
  const rows = await context.reader.query<{ bucket: string; count: string }>({
    sql: `
SELECT toString(intDiv(at, ${length}) * ${length}) AS bucket, toString(sum(errors.records)) AS count
FROM ${errorRows(context, { service: found[0]!.services[0], shapes }, times, parameters)}
WHERE type = ${parameters.value('String', found[0]!.type)}
  AND has(arrayZip(${parameters.value('Array(String)', versions)}, ${parameters.value('Array(UInt64)', shapes.map(BigInt))}),
    (CAST(version, 'String'), shape)) AND NOT told_by_span
GROUP BY bucket`,
    params: parameters.params,
    signal: context.signal,
  })
  return rows.map(({ bucket, count }) => ({ bucket, count: Number(count) }))
}
