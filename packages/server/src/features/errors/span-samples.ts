import type { QueryContext } from '../../querying/context/query-context.ts'
import type { Mapped } from '../../querying/context/stack-maps.ts'
import { attributesOfText } from '../../querying/statements/attributes.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import { newestFirst } from '../../querying/time/newest-first.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { withinAny } from './error-times.ts'
import type { FoundErrors } from './found.ts'
import { mapGroups, mappedReleases, readVersions } from './mapped.ts'

/** A failed span and what it says of its error. */
export interface SampleRow {
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

const sampleColumns = `toString(error_group) AS id, toString(toUnixTimestamp64Nano(spans.start)) AS time, service, name AS operation,
  lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, status_message AS statusMessage, attr_s['error.type'] AS errorType,
  arrayFilter((attributes, name) -> name = 'exception', \`events.attributes\`, \`events.name\`) AS exceptions,
  toString(res_hash) AS resource`

/** Conditions on the service and the group, for the rollup and for the spans. */
export function asked({ service, group, stored = [] }: ErrorQuestion, parameters: Parameters): (string | undefined)[] {
  const groups = group === undefined ? undefined : [group, ...stored].map((id) => BigInt(`0x${id}`))
  return [
    service === undefined ? undefined : `service = ${parameters.value('String', service)}`,
    groups && `error_group IN ${parameters.value('Array(UInt64)', groups)}`,
  ]
}

/** WHERE of the failed spans of some times. */
export function spansWithin(
  context: QueryContext,
  question: ErrorQuestion,
  times: readonly TimeRange[],
  parameters: Parameters,
): string {
  return all([
    `received >= now() - toIntervalDay(${parameters.value('UInt32', context.retention.traces)})`,
    'error_group != 0',
    withinAny('spans.start', times, parameters),
    ...asked(question, parameters),
  ])
}

/** When the newest of a group was, in decimal nanoseconds, and of which services it may be. */
interface Newest {
  readonly last: string
  readonly services: readonly string[]
}

/** The newest span of each group. */
export function readNewest(context: QueryContext, groups: readonly Newest[]): Promise<SampleRow[]> {
  return context.reader.query<SampleRow>({
    sql: `
SELECT ${sampleColumns}
FROM spans
WHERE received >= now() - toIntervalDay({days:UInt32}) AND error_group != 0
  AND spans.start IN (SELECT fromUnixTimestamp64Nano(arrayJoin({times:Array(Int64)})))
  AND spans.start >= fromUnixTimestamp64Nano(arrayMin({times:Array(Int64)})) AND service IN {services:Array(String)}
LIMIT 1 BY error_group, spans.start`,
    params: {
      days: context.retention.traces,
      times: groups.map(({ last }) => BigInt(last)),
      services: [...new Set(groups.flatMap(({ services }) => services))],
    },
    signal: context.signal,
  })
}

/** Newest spans of one group. */
export async function readSpanSamples(
  context: QueryContext,
  range: TimeRange,
  question: ErrorQuestion,
  samples: number,
): Promise<FoundErrors['samples']> {
  const rows = await newestFirst(range, samples, (slice, limit) => {
    const parameters = new Parameters()
    return context.reader.query<SampleRow>({
      sql: `
SELECT ${sampleColumns}
FROM spans WHERE ${spansWithin(context, question, [slice], parameters)}
ORDER BY spans.start DESC LIMIT ${parameters.value('UInt32', limit)}`,
      params: parameters.params,
      signal: context.signal,
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

/** The stacks of rows in the places of the sources, where a source map fits. */
export async function mappedStacks(
  context: QueryContext,
  rows: readonly SampleRow[],
): Promise<ReadonlyMap<SampleRow, Mapped>> {
  const services = new Set((await mappedReleases(context)).services)
  const candidates = rows.filter(({ service, exceptions }) => services.has(service) && exceptions.length > 0)
  if (candidates.length === 0) return new Map()
  const versions = await readVersions(
    context,
    candidates.map(({ resource }) => resource),
  )
  const mapped = await mapGroups(
    context,
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

/** An exception of the span, else what its attributes and its status say: as the decoder takes them for the group. */
export function factsOf(row: SampleRow): { type: string; message: string; stack: string } {
  const exception = row.exceptions.length > 0 ? attributesOfText(row.exceptions.at(-1)!) : {}
  const text = (key: string) => (typeof exception[key] === 'string' ? exception[key] : '')
  return {
    type: text('exception.type') || row.errorType,
    message: text('exception.message') || row.statusMessage,
    stack: text('exception.stacktrace'),
  }
}
