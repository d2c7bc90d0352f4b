import { Hash64 } from '@burstlet/otlp/hash'
import { spanErrorsRollup } from '../rollups/errors.ts'
import { storedHours } from '../rollups/stored.ts'
import { attributesOfText } from '../search/attributes.ts'
import { newestFirst } from '../search/newest-first.ts'
import type { Scope } from '../search/query-options.ts'
import { all, Parameters } from '../search/statement.ts'
import type { TimeRange } from '../search/time-range.ts'
import type { Mapped } from '../source-maps/map-stack.ts'
import { type ErrorTimes, errorTimes, withinAny } from './error-times.ts'
import { type FoundErrors, groupId, groupIdOf } from './found.ts'
import { mapGroups, mappedReleases, readVersions } from './mapped.ts'

interface GroupRow {
  readonly id: string
  readonly count: number
  readonly first: string
  readonly last: string
  readonly services: string[]
  readonly newest: [traceId: string, spanId: string]
}

interface SampleRow {
  readonly id: string
  readonly time: string
  readonly service: string
  readonly operation: string
  readonly traceId: string
  readonly spanId: string
  readonly statusMessage: string
  readonly errorType: string
  readonly exceptions: string[]
  readonly resource: string
}

export interface ErrorQuestion {
  readonly service?: string | undefined
  /** Only this group, as the API has it. */
  readonly group?: string | undefined
  /** The values of `error_group` that it stands for, where it is named by a mapped stack. */
  readonly stored?: readonly string[]
}

const mostGroups = 5000

const sampleColumns = `toString(error_group) AS id, toString(toUnixTimestamp64Nano(spans.start)) AS time, service, name AS operation,
  lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, status_message AS statusMessage, attr_s['error.type'] AS errorType,
  arrayFilter((attributes, name) -> name = 'exception', \`events.attributes\`, \`events.name\`) AS exceptions,
  toString(res_hash) AS resource`

/** Conditions on the service and the group, for the rollup and for the spans. */
function asked({ service, group, stored = [] }: ErrorQuestion, parameters: Parameters): (string | undefined)[] {
  const groups = [...(group === undefined ? [] : [group]), ...stored].map((id) => BigInt(`0x${id}`))
  return [
    service === undefined ? undefined : `service = ${parameters.value('String', service)}`,
    groups.length === 0 ? undefined : `error_group IN ${parameters.value('Array(UInt64)', groups)}`,
  ]
}

/** WHERE of the failed spans of some times. */
function spansWithin(
  scope: Scope,
  question: ErrorQuestion,
  times: readonly TimeRange[],
  parameters: Parameters,
): string {
  return all([
    `space = ${parameters.value('String', scope.space)}`,
    `received >= now() - toIntervalDay(${parameters.value('UInt32', scope.retention.traces)})`,
    'error_group != 0',
    withinAny('spans.start', times, parameters),
    ...asked(question, parameters),
  ])
}

/** Rows of hours and of spans alike, as a table of a FROM: error_group, service, at, count, first, last, trace_id, span_id. */
function errorRows(scope: Scope, question: ErrorQuestion, { hours, rest }: ErrorTimes, parameters: Parameters): string {
  const stored =
    hours &&
    `SELECT error_group, service, toUnixTimestamp64Second(window_start) * 1000 AS at, count, first, last, trace_id, span_id
FROM span_errors_1h
WHERE ${all([storedHours(spanErrorsRollup, 'span_errors_1h', hours, scope.space, parameters), ...asked(question, parameters)])}`
  const raw =
    rest.length > 0 &&
    `SELECT error_group, service, toUnixTimestamp64Milli(spans.start) AS at, toFloat64(adjusted_count) AS count, spans.start AS first,
  spans.start AS last, trace_id, span_id
FROM spans
WHERE ${spansWithin(scope, question, rest, parameters)}`
  return `(${[stored, raw].filter(Boolean).join('\nUNION ALL\n')}) AS errors`
}

/** `error_group` of the rows, which is not the group's id where a source map fits. */
type StoredErrors = FoundErrors & { readonly storedId: string }

/** Groups of the failed spans of a range. What is read of every error is narrow; messages and stacks are read of the newest alone. */
export async function readSpanErrors(scope: Scope, range: TimeRange, question: ErrorQuestion): Promise<StoredErrors[]> {
  const times = await errorTimes(scope, spanErrorsRollup, range, scope.retention.traces)
  const parameters = new Parameters()
  const groups = await scope.reader.query<GroupRow>({
    sql: `
SELECT toString(error_group) AS id, sum(errors.count) AS count,
  toString(toUnixTimestamp64Nano(min(errors.first))) AS first, toString(toUnixTimestamp64Nano(max(errors.last))) AS last,
  groupUniqArray(50)(toString(service)) AS services, argMax((lower(hex(trace_id)), lower(hex(span_id))), errors.last) AS newest
FROM ${errorRows(scope, question, times, parameters)}
GROUP BY error_group ORDER BY count DESC LIMIT ${mostGroups}`,
    params: parameters.params,
    signal: scope.signal,
  })
  if (groups.length === 0) return []
  const newest = await readNewest(scope, groups)
  const stacks = await mappedStacks(scope, newest)
  const samples = new Map(newest.map((row) => [`${row.id} ${row.time}`, row]))
  const hash = new Hash64()
  return groups.map((group) => {
    const row = samples.get(`${group.id} ${group.last}`)
    const facts = row ? factsOf(row) : { type: '', message: '', stack: '' }
    const [traceId, spanId] = group.newest
    const found = row && stacks.get(row)
    const mapped = found && { ...row, ...facts, stack: found.grouping }
    return {
      id: mapped ? groupIdOf(mapped, hash) : groupId(group.id),
      storedId: groupId(group.id),
      type: facts.type,
      services: group.services,
      spans: group.count,
      logs: 0,
      first: group.first,
      last: group.last,
      stack: facts.stack,
      mappedStack: found?.stack ?? null,
      samples: [
        {
          time: group.last,
          service: row?.service ?? '',
          operation: row?.operation ?? '',
          message: facts.message,
          traceId,
          spanId,
        },
      ],
    }
  })
}

/** The stacks of rows in the places of the sources, where a source map fits. */
async function mappedStacks(scope: Scope, rows: readonly SampleRow[]): Promise<ReadonlyMap<SampleRow, Mapped>> {
  const services = new Set((await mappedReleases(scope)).services)
  const candidates = rows.filter(({ service, exceptions }) => services.has(service) && exceptions.length > 0)
  if (candidates.length === 0) return new Map()
  const versions = await readVersions(
    scope,
    candidates.map(({ resource }) => resource),
  )
  const mapped = await mapGroups(
    scope,
    candidates.map((row) => ({
      service: row.service,
      version: versions.get(row.resource) ?? '',
      stack: factsOf(row).stack,
    })),
  )
  return new Map(
    candidates.flatMap((row, index) => {
      const stack = mapped[index]
      return stack ? [[row, stack] as const] : []
    }),
  )
}

/**
 * Spans are grouped as they arrive, when their source map may not be there yet; so a group that is named by a mapped stack
 * stands for the groups of all builds whose newest stack comes to the same.
 * @returns as the API has them
 */
export async function storedGroupsOf(scope: Scope, range: TimeRange, group: string): Promise<string[]> {
  const { services } = await mappedReleases(scope)
  const found = await Promise.all(services.map((service) => readSpanErrors(scope, range, { service })))
  return found.flat().flatMap(({ id, storedId }) => (id === group && storedId !== id ? [storedId] : []))
}

/** The newest span of each group. */
function readNewest(scope: Scope, groups: readonly GroupRow[]): Promise<SampleRow[]> {
  return scope.reader.query<SampleRow>({
    sql: `
SELECT ${sampleColumns}
FROM spans
WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32}) AND error_group != 0
  AND spans.start IN (SELECT fromUnixTimestamp64Nano(arrayJoin({times:Array(Int64)})))
  AND spans.start >= fromUnixTimestamp64Nano(arrayMin({times:Array(Int64)})) AND service IN {services:Array(String)}
LIMIT 1 BY error_group, spans.start`,
    params: {
      space: scope.space,
      days: scope.retention.traces,
      times: groups.map(({ last }) => BigInt(last)),
      services: [...new Set(groups.flatMap(({ services }) => services))],
    },
    signal: scope.signal,
  })
}

/** Newest spans of one group. */
export async function readSpanSamples(
  scope: Scope,
  range: TimeRange,
  question: ErrorQuestion,
  samples: number,
): Promise<FoundErrors['samples']> {
  const rows = await newestFirst(range, samples, (slice, limit) => {
    const parameters = new Parameters()
    return scope.reader.query<SampleRow>({
      sql: `
SELECT ${sampleColumns}
FROM spans WHERE ${spansWithin(scope, question, [slice], parameters)}
ORDER BY spans.start DESC LIMIT ${parameters.value('UInt32', limit)}`,
      params: parameters.params,
      signal: scope.signal,
    })
  })
  return rows.map((row) => ({
    time: row.time,
    service: row.service,
    operation: row.operation,
    message: factsOf(row).message,
    traceId: row.traceId,
    spanId: row.spanId,
  }))
}

export interface CountRow {
  readonly bucket: string
  readonly count: number
}

/** @param step seconds */
export async function countSpanErrors(
  scope: Scope,
  range: TimeRange,
  question: ErrorQuestion,
  step: number,
): Promise<CountRow[]> {
  const times = await errorTimes(scope, spanErrorsRollup, range, scope.retention.traces, step)
  const parameters = new Parameters()
  const length = parameters.value('Int64', step * 1000)
  return scope.reader.query<CountRow>({
    sql: `
SELECT toString(intDiv(at, ${length}) * ${length}) AS bucket, sum(errors.count) AS count
FROM ${errorRows(scope, question, times, parameters)} GROUP BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
}

/** An exception of the span, else what its attributes and its status say: as the decoder takes them for the group. */
function factsOf(row: SampleRow): { type: string; message: string; stack: string } {
  const exception = row.exceptions.length > 0 ? attributesOfText(row.exceptions.at(-1)!) : {}
  const text = (key: string) => (typeof exception[key] === 'string' ? exception[key] : '')
  return {
    type: text('exception.type') || row.errorType,
    message: text('exception.message') || row.statusMessage,
    stack: text('exception.stacktrace'),
  }
}
