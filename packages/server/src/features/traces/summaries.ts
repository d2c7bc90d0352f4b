import type { TraceSummary } from '@burstlet/contract/traces'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { isoOfNanoseconds, nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { matchCondition, type TraceSearch } from './match.ts'
import { boundParams, boundsOfAll, readEachTraceBounds, type TraceBounds, withinBounds } from './trace-index.ts'

/** A trace with spans that match. */
export interface Candidate {
  /** In hex. */
  readonly traceId: string
  /** Start of the first of those that are known, nanoseconds since 1970. */
  readonly firstMatch: bigint
}

export interface FoundTrace {
  readonly summary: TraceSummary
  /** Start of its first matching span in the range, decimal nanoseconds. */
  readonly firstMatch: bigint
}

interface SummaryRow {
  readonly traceId: string
  readonly rootService: string
  readonly rootOperation: string
  readonly startNs: string
  readonly durationNs: string
  readonly spanCount: string
  readonly errorCount: string
  readonly services: string[]
}

/**
 * What a list shows of some traces, over all their spans, wherever those match.
 * @param lower nanoseconds; all matches from here on are known: a trace that has one before it in the range is left out
 * @returns in no order
 */
export async function readSummaries(
  context: QueryContext,
  candidates: readonly Candidate[],
  search: TraceSearch,
  range: TimeRange,
  lower: bigint,
): Promise<FoundTrace[]> {
  const ids = candidates.map(({ traceId }) => traceId)
  const bounds = ids.length > 0 ? await readEachTraceBounds(context, ids) : new Map<string, TraceBounds>()
  const all = boundsOfAll([...bounds.values()])
  if (!all) return []
  const reachBack = ids.filter((id) => BigInt(bounds.get(id)?.start ?? 0) * 1_000_000_000n < lower)
  const [earlier, rows] = await Promise.all([
    readEarlier(context, reachBack, boundsOfAll(reachBack.flatMap((id) => bounds.get(id) ?? [])), search, range, lower),
    readRows(context, ids, all),
  ])
  const firstMatches = new Map(candidates.map(({ traceId, firstMatch }) => [traceId, firstMatch]))
  return rows
    .filter(({ traceId }) => !earlier.has(traceId))
    .map((row) => ({ summary: summaryOf(row), firstMatch: firstMatches.get(row.traceId)! }))
}

/** Those of the traces that match before `lower` too. Attributes are wide: few traces are worth a look at them. */
async function readEarlier(
  context: QueryContext,
  ids: readonly string[],
  bounds: TraceBounds | undefined,
  search: TraceSearch,
  range: TimeRange,
  lower: bigint,
): Promise<Set<string>> {
  if (!bounds || lower <= BigInt(nanoseconds(range.from))) return new Set()
  const parameters = new Parameters()
  const match = matchCondition(search, context, parameters)
  const rows = await context.reader.query<{ traceId: string }>({
    sql: `
SELECT DISTINCT lower(hex(trace_id)) AS traceId
FROM spans
WHERE ${ofTraces} AND spans.start >= fromUnixTimestamp64Nano({from:Int64}) AND spans.start < fromUnixTimestamp64Nano({lower:Int64})
  AND (${match})`,
    params: {
      ...parameters.params,
      ...traceParams(context, ids, bounds),
      from: nanoseconds(range.from),
      lower: String(lower),
    },
    signal: context.signal,
  })
  return new Set(rows.map(({ traceId }) => traceId))
}

const ofTraces = `received >= now() - toIntervalDay({days:UInt32}) AND ${withinBounds}
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16))`

function traceParams(context: QueryContext, ids: readonly string[], bounds: TraceBounds) {
  return { days: context.retention.traces, ids, ...boundParams(bounds) }
}

function readRows(context: QueryContext, ids: readonly string[], bounds: TraceBounds): Promise<SummaryRow[]> {
  return context.reader.query<SummaryRow>({
    sql: `
SELECT lower(hex(trace_id)) AS traceId,
  argMin(service, root_order) AS rootService,
  argMin(name, root_order) AS rootOperation,
  toString(min(toUnixTimestamp64Nano(start))) AS startNs,
  toString(max(end_ns) - min(toUnixTimestamp64Nano(start))) AS durationNs,
  toString(uniqExact(span_id)) AS spanCount,
  toString(uniqExactIf(span_id, status = 2)) AS errorCount,
  arraySort(groupUniqArray(100)(service)) AS services
FROM (
  SELECT trace_id, span_id, service, name, start, status,
    (parent_id != toFixedString('', 8), start) AS root_order,
    toUnixTimestamp64Nano(start) + greatest(duration, 0) AS end_ns
  FROM spans
  WHERE ${ofTraces}
)
GROUP BY trace_id`,
    params: traceParams(context, ids, bounds),
    signal: context.signal,
  })
}

function summaryOf(row: SummaryRow): TraceSummary {
  return {
    traceId: row.traceId,
    rootService: row.rootService,
    rootOperation: row.rootOperation,
    startTime: isoOfNanoseconds(row.startNs),
    durationMs: Number(row.durationNs) / 1e6,
    spanCount: Number(row.spanCount),
    errorCount: Number(row.errorCount),
    services: row.services,
  }
}
