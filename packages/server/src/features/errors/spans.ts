import { Hash64 } from '@burstlet/otlp/hash'
import { spanErrorsRollup } from '../../background/rollups/errors.ts'
import { storedWindows } from '../../background/rollups/stored.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { type ErrorTimes, errorTimes } from './error-times.ts'
import { type FoundErrors, groupId, groupIdOf } from './found.ts'
import { mappedReleases } from './mapped.ts'
import { asked, type ErrorQuestion, factsOf, mappedStacks, readNewest, spansWithin } from './span-samples.ts'

interface GroupRow {
  readonly id: string
  readonly count: number
  readonly first: string
  readonly last: string
  readonly services: string[]
  readonly newest: [traceId: string, spanId: string]
}

const maxGroups = 5000

/** `error_group` of the rows, which is not the group's id where a source map fits. */
export type StoredErrors = FoundErrors & { readonly storedId: string }

/** Rows of hours and of spans alike, as a table of a FROM: error_group, service, at, count, first, last, trace_id, span_id. */
function errorRows(
  context: QueryContext,
  question: ErrorQuestion,
  { hours, rest }: ErrorTimes,
  parameters: Parameters,
): string {
  const stored =
    hours &&
    `SELECT error_group, service, toUnixTimestamp64Second(window_start) * 1000 AS at, count, first, last, trace_id, span_id
FROM span_errors_1h
WHERE ${all([storedWindows(spanErrorsRollup, 'span_errors_1h', hours, context.space, parameters), ...asked(question, parameters)])}`
  const raw =
    rest.length > 0 &&
    `SELECT error_group, service, toUnixTimestamp64Milli(spans.start) AS at, toFloat64(adjusted_count) AS count, spans.start AS first,
  spans.start AS last, trace_id, span_id
FROM spans
WHERE ${spansWithin(context, question, rest, parameters)}`
  return `(${[stored, raw].filter(Boolean).join('\nUNION ALL\n')}) AS errors`
}

/** Groups of the failed spans of a range. What is read of every error is narrow; messages and stacks are read of the newest alone. */
export async function readSpanErrors(
  context: QueryContext,
  range: TimeRange,
  question: ErrorQuestion,
): Promise<StoredErrors[]> {
  const times = await errorTimes(context, spanErrorsRollup, range, context.retention.traces)
  const parameters = new Parameters()
  const groups = await context.reader.query<GroupRow>({
    sql: `
SELECT toString(error_group) AS id, sum(errors.count) AS count,
  toString(toUnixTimestamp64Nano(min(errors.first))) AS first, toString(toUnixTimestamp64Nano(max(errors.last))) AS last,
  groupUniqArray(50)(toString(service)) AS services, argMax((lower(hex(trace_id)), lower(hex(span_id))), errors.last) AS newest
FROM ${errorRows(context, question, times, parameters)}
GROUP BY error_group ORDER BY count DESC LIMIT ${maxGroups}`,
    params: parameters.params,
    signal: context.signal,
  })
  if (groups.length === 0) return []
  const newest = await readNewest(context, groups)
  const stacks = await mappedStacks(context, newest)
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
      count: group.count,
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

/**
 * Spans are grouped as they arrive, when their source map may not be there yet; so a group that is named by a mapped stack
 * stands for the groups of all builds whose newest stack comes to the same.
 * @returns as the API has them
 */
export async function storedGroupsOf(context: QueryContext, range: TimeRange, group: string): Promise<string[]> {
  const { services } = await mappedReleases(context)
  const found = await Promise.all(services.map((service) => readSpanErrors(context, range, { service })))
  return found.flat().flatMap(({ id, storedId }) => (id === group && storedId !== id ? [storedId] : []))
}

export interface CountRow {
  readonly bucket: string
  readonly count: number
}

/** @param step seconds */
export async function countSpanErrors(
  context: QueryContext,
  range: TimeRange,
  question: ErrorQuestion,
  step: number,
): Promise<CountRow[]> {
  const times = await errorTimes(context, spanErrorsRollup, range, context.retention.traces, step)
  const parameters = new Parameters()
  const length = parameters.value('Int64', step * 1000)
  return context.reader.query<CountRow>({
    sql: `
SELECT toString(intDiv(at, ${length}) * ${length}) AS bucket, sum(errors.count) AS count
FROM ${errorRows(context, question, times, parameters)} GROUP BY bucket`,
    params: parameters.params,
    signal: context.signal,
  })
}
