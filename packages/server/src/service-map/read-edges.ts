import { remembered } from '../query-guard/remembered.ts'
import { edgesQuery, edgesRollup } from '../rollups/edges.ts'
import { edgesHoursRollup } from '../rollups/edges-hours.ts'
import { liveFrom, storedWithin } from '../rollups/stored.ts'
import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
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

const storedHours = storedWithin(edgesHoursRollup, 'edges_1h', {
  space: '{space:String}',
  from: '{first_hour:Int64}',
  to: '{end_hour:Int64}',
})

/**
 * Calls to a service that did not answer, or whose span is missing, are to something external of its name.
 * @param minutes which of the minutes are read from the map by minute
 * @param isLive whether spans are joined at all: planning that takes longer than reading a map of a day
 */
const query = (minutes: string, isLive: boolean) => `
SELECT source, source_kind, target, target_kind, sum(edges.count) AS requests, sum(edges.errors) AS failed,
  sum(edges.duration_us) AS totalUs, max(edges.max_us) AS maxUs, sumMap(edges.histogram) AS durations
FROM (
  SELECT ${columns} FROM edges_1h WHERE ${storedHours}
  UNION ALL
  SELECT ${columns} FROM edges_1m WHERE ${storedWithin(edgesRollup)} AND (${minutes})
  ${isLive ? `UNION ALL SELECT ${columns} FROM (${edgesQuery})` : ''}
) AS edges
WHERE {service:String} = '' OR source_kind = 'service' AND source = {service:String}
  OR target_kind IN ('service', 'external') AND target = {service:String}
GROUP BY source, source_kind, target, target_kind
ORDER BY requests DESC, source, target
LIMIT {limit:UInt32}`

const hoursQuery = `
SELECT DISTINCT toString(toUnixTimestamp64Second(window_start)) AS hour FROM rollup_windows
WHERE space = {space:String} AND rollup = '${edgesHoursRollup.name}'
  AND window_start >= toDateTime64({first_hour:Int64}, 0, 'UTC') AND window_start < toDateTime64({end_hour:Int64}, 0, 'UTC')`

const hour = edgesHoursRollup.windowSeconds

/** Edges of the range in whole minutes: from the rollups as far as they are computed, from the spans themselves after that. */
export async function readEdges(scope: Scope, range: TimeRange, limit: number, service = ''): Promise<EdgeRow[]> {
  const from = Math.floor(range.from / 60_000) * 60
  const to = Math.ceil(range.to / 60_000) * 60
  const wholeHours = { first_hour: Math.ceil(from / hour) * hour, end_hour: Math.floor(to / hour) * hour }
  const [live, hours] = await Promise.all([
    liveFrom(scope, edgesRollup, { from, to }, mostLiveSpans),
    remembered(scope, ['hours of edges', wholeHours], () =>
      scope.reader.query<{ hour: string }>({
        sql: hoursQuery,
        params: { space: scope.space, ...wholeHours },
        signal: scope.signal,
      }),
    ),
  ])
  const parameters = new Parameters()
  const second = (at: number) => `toDateTime64(${parameters.value('Int64', at)}, 0, 'UTC')`
  const minutes = rangesBetween(
    hours.map((each) => Number(each.hour)),
    from,
    to,
  )
    .map((part) => `window_start >= ${second(part.from)} AND window_start < ${second(part.to)}`)
    .join(' OR ')
  return scope.reader.query<EdgeRow>({
    sql: query(minutes || '0', live < to),
    params: {
      ...parameters.params,
      space: scope.space,
      ...wholeHours,
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

/** What of a range lies outside of some hours; all in seconds since 1970. */
function rangesBetween(hours: readonly number[], from: number, to: number): { from: number; to: number }[] {
  const ends = hours.toSorted((a, b) => a - b).map((start) => ({ from: start, to: start + hour }))
  const bounds = [{ from, to: from }, ...ends, { from: to, to }]
  return bounds
    .slice(1)
    .map((next, index) => ({ from: bounds[index]!.to, to: next.from }))
    .filter((part) => part.from < part.to)
}
