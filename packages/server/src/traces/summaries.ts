import type { TraceSummary } from '@burstlet/contract/traces'
import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { isoOfNanoseconds, nanoseconds, type TimeRange } from '../search/time-range.ts'
import { matchCondition, type TraceSearch } from './match.ts'
import { boundParams, readTraceBounds, withinBounds } from './trace-index.ts'

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
  readonly firstMatch: string
  readonly matches: string
}

/**
 * What a list shows of some traces, over all their spans, wherever those match.
 * @param ids in hex @returns in no order; a trace without a match in the range is left out
 */
export async function readSummaries(
  scope: Scope,
  ids: readonly string[],
  search: TraceSearch,
  range: TimeRange,
): Promise<FoundTrace[]> {
  const bounds = ids.length > 0 ? await readTraceBounds(scope, ids) : undefined
  if (!bounds) return []
  const parameters = new Parameters()
  const match = matchCondition(search, scope, parameters)
  const rows = await scope.reader.query<SummaryRow>({
    sql: `
SELECT lower(hex(trace_id)) AS traceId,
  argMin(service, root_order) AS rootService,
  argMin(name, root_order) AS rootOperation,
  toString(min(toUnixTimestamp64Nano(start))) AS startNs,
  toString(max(end_ns) - min(toUnixTimestamp64Nano(start))) AS durationNs,
  toString(uniqExact(span_id)) AS spanCount,
  toString(uniqExactIf(span_id, status = 2)) AS errorCount,
  arraySort(groupUniqArray(100)(service)) AS services,
  toString(minIf(toUnixTimestamp64Nano(start), matching)) AS firstMatch,
  countIf(matching) AS matches
FROM (
  SELECT trace_id, span_id, service, name, start, status,
    (parent_id != toFixedString('', 8), start) AS root_order,
    toUnixTimestamp64Nano(start) + greatest(duration, 0) AS end_ns,
    start >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64}) AND (${match}) AS matching
  FROM spans
  WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32}) AND ${withinBounds}
    AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16))
)
GROUP BY trace_id
HAVING matches > 0`,
    params: {
      ...parameters.params,
      space: scope.space,
      days: scope.retention.traces,
      ids,
      ...boundParams(bounds),
      from: nanoseconds(range.from),
      to: nanoseconds(range.to),
    },
    signal: scope.signal,
  })
  return rows.map((row) => ({ summary: summaryOf(row), firstMatch: BigInt(row.firstMatch) }))
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
