import { Hash64 } from '@burstlet/otlp/hash'
import { attributesOfText } from '../search/attributes.ts'
import type { Scope } from '../search/query-options.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import type { Mapped } from '../source-maps/map-stack.ts'
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

const within = `space = {space:String} AND received >= now() - toIntervalDay({days:UInt32}) AND error_group != 0
  AND spans.start >= fromUnixTimestamp64Nano({from:Int64}) AND spans.start < fromUnixTimestamp64Nano({to:Int64})
  AND ({service:String} = '' OR service = {service:String}) AND (empty({groups:Array(UInt64)}) OR error_group IN {groups:Array(UInt64)})`

// What is read of every error is narrow; messages and stacks are read of the newest alone.
const groupsQuery = `
SELECT toString(error_group) AS id, sum(toFloat64(adjusted_count)) AS count,
  toString(toUnixTimestamp64Nano(min(spans.start))) AS first, toString(toUnixTimestamp64Nano(max(spans.start))) AS last,
  groupUniqArray(50)(service) AS services, argMax((lower(hex(trace_id)), lower(hex(span_id))), spans.start) AS newest
FROM spans WHERE ${within}
GROUP BY error_group ORDER BY count DESC LIMIT ${mostGroups}`

const sampleColumns = `toString(error_group) AS id, toString(toUnixTimestamp64Nano(spans.start)) AS time, service, name AS operation,
  lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, status_message AS statusMessage, attr_s['error.type'] AS errorType,
  arrayFilter((attributes, name) -> name = 'exception', \`events.attributes\`, \`events.name\`) AS exceptions,
  toString(res_hash) AS resource`

const newestQuery = `
SELECT ${sampleColumns}
FROM spans WHERE ${within} AND spans.start IN (SELECT fromUnixTimestamp64Nano(arrayJoin({times:Array(Int64)})))
  AND spans.start >= fromUnixTimestamp64Nano(arrayMin({times:Array(Int64)})) AND service IN {services:Array(String)}
LIMIT 1 BY error_group, spans.start`

const samplesQuery = `
SELECT ${sampleColumns}
FROM spans WHERE ${within}
ORDER BY spans.start DESC LIMIT {samples:UInt32}`

const seriesQuery = `
SELECT toString(intDiv(toUnixTimestamp64Milli(spans.start), {step:Int64}) * {step:Int64}) AS bucket, sum(toFloat64(adjusted_count)) AS count
FROM spans WHERE ${within} GROUP BY bucket`

function paramsOf(scope: Scope, range: TimeRange, question: ErrorQuestion) {
  return {
    space: scope.space,
    days: scope.retention.traces,
    from: nanoseconds(range.from),
    to: nanoseconds(range.to),
    service: question.service ?? '',
    groups: [...(question.group === undefined ? [] : [question.group]), ...(question.stored ?? [])].map((id) =>
      BigInt(`0x${id}`),
    ),
  }
}

/** `error_group` of the rows, which is not the group's id where a source map fits. */
type StoredErrors = FoundErrors & { readonly storedId: string }

/** Groups of the failed spans of a range. */
export async function readSpanErrors(scope: Scope, range: TimeRange, question: ErrorQuestion): Promise<StoredErrors[]> {
  const params = paramsOf(scope, range, question)
  const groups = await scope.reader.query<GroupRow>({ sql: groupsQuery, params, signal: scope.signal })
  if (groups.length === 0) return []
  const newest = await scope.reader.query<SampleRow>({
    sql: newestQuery,
    params: {
      ...params,
      times: groups.map(({ last }) => BigInt(last)),
      services: [...new Set(groups.flatMap(({ services }) => services))],
    },
    signal: scope.signal,
  })
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

/** Newest spans of one group. */
export async function readSpanSamples(
  scope: Scope,
  range: TimeRange,
  question: ErrorQuestion,
  samples: number,
): Promise<FoundErrors['samples']> {
  const params = { ...paramsOf(scope, range, question), samples }
  const rows = await scope.reader.query<SampleRow>({ sql: samplesQuery, params, signal: scope.signal })
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

/** @param step milliseconds */
export function countSpanErrors(
  scope: Scope,
  range: TimeRange,
  question: ErrorQuestion,
  step: number,
): Promise<CountRow[]> {
  const params = { ...paramsOf(scope, range, question), step }
  return scope.reader.query<CountRow>({ sql: seriesQuery, params, signal: scope.signal })
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
