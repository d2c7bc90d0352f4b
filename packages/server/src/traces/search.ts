import type { TraceSummary } from '@burstlet/contract/traces'
import { encodeCursor, type Position } from '../search/cursor.ts'
import { slicesBackwards } from '../search/newest-first.ts'
import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { matchCondition, type TraceSearch } from './match.ts'
import { keepStructured } from './structure.ts'
import { type FoundTrace, readSummaries } from './summaries.ts'

export interface TracePage {
  readonly items: TraceSummary[]
  readonly nextCursor: string | null
}

/** Rounds of one request; then it answers with what it has, and a cursor to go on. */
const mostRounds = 40
const mostSpans = 20_000
/** Some of those found have an earlier match, and stand further down. */
const spareTraces = 5

/**
 * Finds traces newest first. A trace stands where its first matching span starts (its own start, when nothing is asked
 * of its spans). Matching spans are read newest first in rounds. What starts after the oldest span of a round is complete
 * then, so that every trace comes once and in its place, whichever page that is on.
 */
export async function searchTraces(
  scope: Scope,
  search: TraceSearch,
  range: TimeRange,
  limit: number,
  after?: Position,
): Promise<TracePage> {
  const found: FoundTrace[] = []
  let rounds = 0
  const slices = slicesBackwards(clip(range, after))
  for (let slice = slices.next(); !slice.done; slice = slices.next(found.length / (limit + 1))) {
    let upper = BigInt(nanoseconds(slice.value.to)) - 1n
    let spans = Math.max(200, limit * 8)
    for (;;) {
      const round = await readRound(scope, search, { from: slice.value.from, upper }, spans)
      await addTraces(found, round, limit + 1 - found.length, async (ids) => {
        const traces = await readSummaries(scope, await keepStructured(scope, ids, search), search, range)
        return traces.filter((trace) => follows(trace, after) && fits(trace.summary, search))
      })
      rounds += 1
      if (found.length > limit) return pageOf(found.slice(0, limit))
      if (rounds >= mostRounds)
        return { items: summaries(found), nextCursor: encodeCursor([String(round.reached), 'g']) }
      if (round.complete) break
      // Nothing but spans of one moment: only a longer read gets past them.
      if (round.reached === upper) spans = Math.min(spans * 4, mostSpans)
      upper = round.reached
    }
  }
  return { items: summaries(found), nextCursor: null }
}

interface Round {
  /** Traces by their first match as far as the window shows it, newest first; in hex. */
  readonly ids: readonly string[]
  /** A trace with an earlier match than this is found again further down. */
  readonly lower: bigint
  readonly upper: bigint
  /** Whether the window reaches down to its lower end. */
  readonly complete: boolean
  /** Where the next window begins, included. */
  readonly reached: bigint
}

async function readRound(
  scope: Scope,
  search: TraceSearch,
  window: { from: number; upper: bigint },
  limit: number,
): Promise<Round> {
  const rows = await readSpans(scope, search, window, limit)
  const oldest = BigInt(rows.at(-1)?.start ?? 0)
  const complete = rows.length < limit
  // A moment that alone fills the longest read is given up on: the rest of its spans cannot be told apart from it.
  const stuck = !complete && oldest === window.upper && limit === mostSpans
  // From the back, the first row of a trace is its first match; a set keeps that place.
  const ids = [...new Set(rows.toReversed().map((row) => row.traceId))].reverse()
  return {
    ids,
    lower: complete ? BigInt(nanoseconds(window.from)) : stuck ? oldest : oldest + 1n,
    upper: window.upper,
    complete,
    reached: stuck ? oldest - 1n : oldest,
  }
}

/**
 * Reads the traces of a round until so many more are found: their spans lie all over the table, and a page shows few.
 * @param read the traces among those that belong into the list
 */
async function addTraces(
  found: FoundTrace[],
  { ids, lower, upper }: Round,
  wanted: number,
  read: (ids: readonly string[]) => Promise<FoundTrace[]>,
): Promise<void> {
  const before = found.length
  for (
    let at = 0, size = wanted + spareTraces;
    at < ids.length && found.length - before < wanted;
    at += size, size *= 2
  ) {
    const traces = await read(ids.slice(at, at + size))
    found.push(...traces.filter(({ firstMatch }) => firstMatch >= lower && firstMatch <= upper).sort(newestFirst))
  }
}

interface SpanRow {
  readonly traceId: string
  readonly start: string
}

function readSpans(
  scope: Scope,
  search: TraceSearch,
  window: { from: number; upper: bigint },
  limit: number,
): Promise<SpanRow[]> {
  const parameters = new Parameters()
  const match = matchCondition(search, scope, parameters)
  return scope.reader.query<SpanRow>({
    sql: `
SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(start)) AS start
FROM spans
WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32})
  AND spans.start >= fromUnixTimestamp64Nano({from:Int64}) AND spans.start <= fromUnixTimestamp64Nano({upper:Int64})
  AND ${match}${search.minDuration ? longTraces : ''}
ORDER BY spans.start DESC
LIMIT {limit:UInt32}`,
    params: {
      ...parameters.params,
      space: scope.space,
      days: scope.retention.traces,
      from: nanoseconds(window.from),
      upper: String(window.upper),
      limit,
      ...(search.minDuration && { minDuration: Math.floor(search.minDuration * 1e6) }),
    },
    signal: scope.signal,
  })
}

/** Leaves out early what is too short; ten minutes around the window are looked at, the summary decides. */
const longTraces = `
  AND trace_id IN (
    SELECT trace_id FROM spans
    WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32})
      AND spans.start >= fromUnixTimestamp64Nano({from:Int64} - 600000000000)
      AND spans.start <= fromUnixTimestamp64Nano({upper:Int64} + 600000000000)
    GROUP BY trace_id
    HAVING max(toUnixTimestamp64Nano(spans.start) + greatest(duration, 0)) - min(toUnixTimestamp64Nano(spans.start)) >= {minDuration:Int64}
  )`

function newestFirst(a: FoundTrace, b: FoundTrace): number {
  if (a.firstMatch !== b.firstMatch) return a.firstMatch < b.firstMatch ? 1 : -1
  return a.summary.traceId < b.summary.traceId ? 1 : -1
}

/** Whether the trace comes after the last one of the page before. */
function follows(trace: FoundTrace, after: Position | undefined): boolean {
  if (!after) return true
  const time = BigInt(after[0])
  return trace.firstMatch < time || (trace.firstMatch === time && trace.summary.traceId < after[1])
}

function fits({ durationMs }: TraceSummary, { minDuration = 0, maxDuration = Infinity }: TraceSearch): boolean {
  return durationMs >= minDuration && durationMs <= maxDuration
}

/** The range from the cursor on. A slice ends a little after the cursor; `follows` leaves out what it repeats. */
function clip(range: TimeRange, after: Position | undefined): TimeRange {
  if (!after) return range
  const to = Math.min(range.to, Number(BigInt(after[0]) / 1_000_000n) + 1)
  return { from: range.from, to: Math.max(range.from, to) }
}

function pageOf(found: readonly FoundTrace[]): TracePage {
  const last = found.at(-1)!
  return { items: summaries(found), nextCursor: encodeCursor([String(last.firstMatch), last.summary.traceId]) }
}

function summaries(found: readonly FoundTrace[]): TraceSummary[] {
  return found.map((trace) => trace.summary)
}
