import { edgesQuery, edgesRollup } from '../../background/rollups/edges.ts'
import { edgesHoursRollup } from '../../background/rollups/edges-hours.ts'
import { type Completeness, type LiveBounds, type LivePart, livePart } from '../../background/rollups/live-part.ts'
import { keptFrom } from '../../background/rollups/pass.ts'
import { storedWithin } from '../../background/rollups/stored.ts'
import { hasAll, readWindowStates, type WindowStates } from '../../background/rollups/window-states.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import type { RedRow } from '../red/red.ts'

export interface EdgeRow extends RedRow {
  readonly source: string
  readonly source_kind: string
  readonly target: string
  readonly target_kind: string
}

/**
 * Spans that may be joined while somebody waits; of a range with more, the newest minutes are joined. Parents are looked back for as
 * far as the scheduler does, if that is not many more spans.
 */
const liveBounds: LiveBounds = { most: 500_000, maxBefore: 1_000_000, least: 600 }

const columns = 'source, source_kind, target, target_kind, count, errors, duration_us, max_us, histogram'

/**
 * Calls to a service that did not answer, or whose span is missing, are to something external of its name.
 * @param hours which of the hours are read from the map by hour, and which of the minutes from that by minute
 * @param isLive whether spans are joined at all: planning that takes longer than reading a map of a day
 */
const query = ({ hours, minutes }: { hours: string; minutes: string }, isLive: boolean) => `
SELECT source, source_kind, target, target_kind, sum(edges.count) AS requests, sum(edges.errors) AS failed,
  sum(edges.duration_us) AS totalUs, max(edges.max_us) AS maxUs, sumMap(edges.histogram) AS durations
FROM (
  SELECT ${columns} FROM edges_1h WHERE ${storedWithin(edgesHoursRollup)} AND (${hours})
  UNION ALL
  SELECT ${columns} FROM edges_1m WHERE ${storedWithin(edgesRollup)} AND (${minutes})
  ${isLive ? `UNION ALL SELECT ${columns} FROM (${edgesQuery})` : ''}
) AS edges
WHERE {service:String} = '' OR source_kind = 'service' AND source = {service:String}
  OR target_kind IN ('service', 'external') AND target = {service:String}
GROUP BY source, source_kind, target, target_kind
ORDER BY requests DESC, source, target
LIMIT {limit:UInt32}`

const hour = edgesHoursRollup.windowSeconds

export interface Edges extends Completeness {
  readonly rows: readonly EdgeRow[]
}

/**
 * Edges of the range in whole minutes: from the rollups where these have all that has arrived, from the spans themselves besides, as
 * far as they may be joined while somebody waits.
 */
export async function readEdges(context: QueryContext, range: TimeRange, limit: number, service = ''): Promise<Edges> {
  const from = Math.floor(range.from / 60_000) * 60
  const to = Math.ceil(range.to / 60_000) * 60
  const states = await readWindowStates(context, [edgesRollup, edgesHoursRollup], { from, to })
  const keptSince = keptFrom(edgesRollup, context.retention, Math.floor(Date.now() / 1000))
  const live = livePart(edgesRollup, states, { from, to }, liveBounds, keptSince)
  const hours = currentHours(states, { from, to }, live, keptSince)
  const parameters = new Parameters()
  const rows = await context.reader.query<EdgeRow>({
    sql: query(
      {
        hours: withinAny(hours, parameters),
        minutes: withinAny(between([...hours, live], from, to), parameters),
      },
      live.from < live.to,
    ),
    params: {
      ...parameters.params,
      space: context.space,
      stored_from: from,
      stored_to: to,
      from: live.from,
      to: live.to,
      sources_from: live.sourcesFrom,
      sources_to: live.to + edgesRollup.lookaheadSeconds,
      service,
      limit,
    },
    signal: context.signal,
  })
  return { rows, complete: live.complete, completeAt: live.completeAt }
}

interface Seconds {
  readonly from: number
  readonly to: number
}

/**
 * Whole hours of the range that the map by hour answers: those that have all that has arrived, and of the times whose minutes are
 * not kept any more all that there are. All in seconds since 1970.
 */
function currentHours(
  { arrivals, computed }: WindowStates,
  range: Seconds,
  live: LivePart,
  keptSince: number,
): Seconds[] {
  const stale = [...live.stale]
  return [...(computed.get(edgesHoursRollup.name) ?? [])]
    .map(([from, state]) => ({ from, to: from + hour, state }))
    .filter(({ from, to, state }) => {
      if (to > range.to || (live.from < to && live.to > from)) return false
      return from < keptSince || (hasAll(state, arrivals) && !stale.some((minute) => minute >= from && minute < to))
    })
    .sort((a, b) => a.from - b.from)
}

/** What of a range lies outside of some parts of it. */
function between(parts: readonly Seconds[], from: number, to: number): Seconds[] {
  const sorted = parts.filter((part) => part.from < part.to).sort((a, b) => a.from - b.from)
  const bounds = [{ from, to: from }, ...sorted, { from: to, to }]
  return bounds
    .slice(1)
    .map((next, index) => ({ from: bounds[index]!.to, to: next.from }))
    .filter((part) => part.from < part.to)
}

/** Condition that a window begins in one of some ranges; those that touch are one. */
function withinAny(ranges: readonly Seconds[], parameters: Parameters): string {
  const joined: { from: number; to: number }[] = []
  for (const { from, to } of ranges) {
    if (joined.at(-1)?.to === from) joined.at(-1)!.to = to
    else joined.push({ from, to })
  }
  const second = (at: number) => `toDateTime64(${parameters.value('Int64', at)}, 0, 'UTC')`
  const conditions = joined.map(({ from, to }) => `window_start >= ${second(from)} AND window_start < ${second(to)}`)
  return conditions.join(' OR ') || '0'
}
