import { edgesQuery, edgesRollup } from '../rollups/edges.ts'
import type { Scope } from '../search/query-options.ts'
import type { TimeRange } from '../search/time-range.ts'
import type { RedRow } from '../services/red.ts'

export interface EdgeRow extends RedRow {
  readonly source: string
  readonly source_kind: string
  readonly target: string
  readonly target_kind: string
}

/** Spans that may be joined while somebody waits; of a range with more, the newest minutes are joined. */
const mostLiveSpans = 500_000

/** What a live join looks back for parents; the scheduler looks further. Seconds. */
const liveLookback = 600

const lastQuery = `
SELECT toString(toUnixTimestamp64Second(max(window_start)) + 60) AS end FROM rollup_windows
WHERE space = {space:String} AND rollup = {rollup:String}
  AND window_start >= toDateTime64({from:Int64}, 0, 'UTC') AND window_start < toDateTime64({to:Int64}, 0, 'UTC')`

const arrivalsQuery = `
SELECT toString(toUnixTimestamp64Second(span_arrivals.minute)) AS at, toString(sum(span_arrivals.spans)) AS spans
FROM span_arrivals
WHERE space = {space:String} AND span_arrivals.minute >= toDateTime64({from:Int64}, 0, 'UTC')
  AND span_arrivals.minute < toDateTime64({to:Int64}, 0, 'UTC')
GROUP BY span_arrivals.minute ORDER BY span_arrivals.minute DESC`

const columns = 'source, source_kind, target, target_kind, count, errors, duration_us, max_us, histogram'

const query = `
SELECT source, source_kind, target, target_kind, sum(edges.count) AS requests, sum(edges.errors) AS failed,
  sum(edges.duration_us) AS totalUs, max(edges.max_us) AS maxUs, sumMap(edges.histogram) AS durations
FROM (
  SELECT ${columns} FROM edges_1m
  WHERE space = {space:String} AND window_start >= toDateTime64({stored_from:Int64}, 0, 'UTC') AND window_start < toDateTime64({from:Int64}, 0, 'UTC')
    AND (window_start, run) IN (
      SELECT window_start, max(run) FROM rollup_windows
      WHERE space = {space:String} AND rollup = {rollup:String}
        AND window_start >= toDateTime64({stored_from:Int64}, 0, 'UTC') AND window_start < toDateTime64({from:Int64}, 0, 'UTC')
      GROUP BY window_start
    )
  UNION ALL
  SELECT ${columns} FROM (${edgesQuery})
) AS edges
WHERE {service:String} = '' OR source_kind = 'service' AND source = {service:String}
  OR target_kind = 'service' AND target = {service:String}
GROUP BY source, source_kind, target, target_kind
ORDER BY requests DESC, source, target
LIMIT {limit:UInt32}`

/** Edges of the range in whole minutes: from the rollup as far as it is computed, from the spans themselves after that. */
export async function readEdges(scope: Scope, range: TimeRange, limit: number, service = ''): Promise<EdgeRow[]> {
  const from = Math.floor(range.from / 60_000) * 60
  const to = Math.ceil(range.to / 60_000) * 60
  const live = await liveFrom(scope, from, to)
  return scope.reader.query<EdgeRow>({
    sql: query,
    params: {
      space: scope.space,
      rollup: edgesRollup.name,
      stored_from: from,
      from: live,
      to,
      sources_from: live - liveLookback,
      sources_to: to + edgesRollup.lookaheadSeconds,
      service,
      limit,
    },
    signal: scope.signal,
  })
}

/** Where the rollup ends; later, when there are too many spans after it. */
async function liveFrom(scope: Scope, from: number, to: number): Promise<number> {
  const params = { space: scope.space, rollup: edgesRollup.name, from, to }
  const [last] = await scope.reader.query<{ end: string }>({ sql: lastQuery, params, signal: scope.signal })
  const end = Math.max(from, Number(last?.end ?? 0))
  if (end >= to) return to
  const arrivals = await scope.reader.query<{ at: string; spans: string }>({
    sql: arrivalsQuery,
    params: { ...params, from: end },
    signal: scope.signal,
  })
  let spans = 0
  for (const { at, spans: more } of arrivals) {
    spans += Number(more)
    if (spans > mostLiveSpans) return Math.min(to, Number(at) + 60)
  }
  return end
}
