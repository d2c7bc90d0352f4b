import { edgesQuery, edgesRollup } from '../rollups/edges.ts'
import { liveFrom, storedWithin } from '../rollups/stored.ts'
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

const columns = 'source, source_kind, target, target_kind, count, errors, duration_us, max_us, histogram'

const query = `
SELECT source, source_kind, target, target_kind, sum(edges.count) AS requests, sum(edges.errors) AS failed,
  sum(edges.duration_us) AS totalUs, max(edges.max_us) AS maxUs, sumMap(edges.histogram) AS durations
FROM (
  SELECT ${columns} FROM edges_1m WHERE ${storedWithin(edgesRollup)}
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
  const live = await liveFrom(scope, edgesRollup, { from, to }, mostLiveSpans)
  return scope.reader.query<EdgeRow>({
    sql: query,
    params: {
      space: scope.space,
      stored_from: from,
      stored_to: live,
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
