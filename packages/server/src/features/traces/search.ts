import type { TraceSummary } from '@burstlet/contract/traces'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { encodeCursor, type Position } from '../../querying/time/cursor.ts'
import { slicesBackwards } from '../../querying/time/newest-first.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { TooManyRowsError } from '../../storage/clickhouse/reader.ts'
import { matchCondition, type TraceSearch } from './match.ts'
import { keepStructured } from './structure.ts'
import { type Candidate, type FoundTrace, readSummaries } from './summaries.ts'

export interface TracePage {
  readonly items: TraceSummary[]
  readonly nextCursor: string | null
}

/** Rounds of one request; then it answers with what it has, and a cursor to go on. */
const maxRounds = 40
const maxSpans = 20_000
/** Rows that are read to find out whether an index leads to few of them in all of the time that is left. */
const fewRows = 300_000
/** Some candidates have an earlier match, and stand further down. */
const spareTraces = 5

/**
 * Finds traces newest first. A trace stands where its first matching span starts (its own start, when nothing is asked
 * of its spans). Matching spans are read newest first in rounds. What starts after the oldest span of a round is complete
 * then, so that every trace comes once and in its place, whichever page that is on.
 */
export async function searchTraces(
  context: QueryContext,
  search: TraceSearch,
  range: TimeRange,
  limit: number,
  after?: Position,
): Promise<TracePage> {
  const found: FoundTrace[] = []
  let rounds = 0
  const clipped = clip(range, after)
  const slices = slicesBackwards(clipped, limit)
  for (let slice = slices.next(); !slice.done; slice = slices.next(found.length / (limit + 1))) {
    let { from } = slice.value
    let upper = BigInt(nanoseconds(slice.value.to)) - 1n
    let spans = Math.max(200, limit * 8)
    let round: Round | undefined
    if (search.filter !== undefined && found.length === 0 && slice.value.to < clipped.to) {
      round = await readIfFew(context, search, { from: clipped.from, upper }, spans)
      if (round) from = clipped.from
    }
    for (;;) {
      round ??= await readRound(context, search, { from, upper }, spans)
      const { lower } = round
      await addTraces(found, round.candidates, limit + 1 - found.length, async (candidates) => {
        const ids = new Set(
          await keepStructured(
            context,
            candidates.map(({ traceId }) => traceId),
            search,
          ),
        )
        const kept = candidates.filter(({ traceId }) => ids.has(traceId))
        const traces = await readSummaries(context, kept, search, range, lower)
        return traces.filter((trace) => follows(trace, after) && fits(trace.summary, search))
      })
      rounds += 1
      if (found.length > limit) return pageOf(found.slice(0, limit))
      if (rounds >= maxRounds)
        return { items: summaries(found), nextCursor: encodeCursor([String(round.reached), 'g']) }
      if (round.complete) break
      // Nothing but spans of one moment: only a longer read gets past them.
      if (round.reached === upper) spans = Math.min(spans * 4, maxSpans)
      upper = round.reached
      round = undefined
    }
    if (from === clipped.from) break
  }
  return { items: summaries(found), nextCursor: null }
}

interface Round {
  /** Traces with the first of their matches in the window, the newest first. */
  readonly candidates: readonly Candidate[]
  /** A trace with a match before this is found again further down. */
  readonly lower: bigint
  /** Whether the window reaches down to its lower end. */
  readonly complete: boolean
  /** Where the next window begins, included. */
  readonly reached: bigint
}

interface Window {
  /** Epoch ms. */
  readonly from: number
  /** Nanoseconds, included. */
  readonly upper: bigint
}

/** @returns undefined when the indexes of a filter's attributes leave more than a few rows to be looked at */
async function readIfFew(
  context: QueryContext,
  search: TraceSearch,
  window: Window,
  limit: number,
): Promise<Round | undefined> {
  try {
    return await readRound(context, search, window, limit, fewRows)
  } catch (error) {
    if (error instanceof TooManyRowsError) return undefined
    throw error
  }
}

async function readRound(
  context: QueryContext,
  search: TraceSearch,
  window: Window,
  limit: number,
  maxRows?: number,
): Promise<Round> {
  const rows = await readSpans(context, search, window, limit, maxRows)
  const oldest = BigInt(rows.at(-1)?.start ?? 0)
  const complete = rows.length < limit
  // A moment that alone fills the longest read is given up on: the rest of its spans cannot be told apart from it.
  const stuck = !complete && oldest === window.upper && limit === maxSpans
  const lower = complete ? BigInt(nanoseconds(window.from)) : stuck ? oldest : oldest + 1n
  // From newest to oldest, so that the first match is what stays.
  const firstMatches = new Map(rows.map(({ traceId, start }) => [traceId, BigInt(start)]))
  return {
    candidates: [...firstMatches]
      .map(([traceId, firstMatch]) => ({ traceId, firstMatch }))
      .filter(({ firstMatch }) => firstMatch >= lower)
      .sort(newestFirst),
    lower,
    complete,
    reached: stuck ? oldest - 1n : oldest,
  }
}

/**
 * Reads candidates until so many more traces are found: their spans lie all over the table, and a page shows few.
 * @param read the traces among some candidates that belong into the list
 */
async function addTraces(
  found: FoundTrace[],
  candidates: readonly Candidate[],
  wanted: number,
  read: (candidates: readonly Candidate[]) => Promise<FoundTrace[]>,
): Promise<void> {
  const full = found.length + wanted
  for (let at = 0, size = wanted + spareTraces; at < candidates.length && found.length < full; at += size, size *= 2) {
    const traces = await read(candidates.slice(at, at + size))
    found.push(...traces.sort((a, b) => newestFirst(candidateOf(a), candidateOf(b))))
  }
}

interface SpanRow {
  readonly traceId: string
  readonly start: string
}

function readSpans(
  context: QueryContext,
  search: TraceSearch,
  window: Window,
  limit: number,
  maxRows: number | undefined,
): Promise<SpanRow[]> {
  const parameters = new Parameters()
  const match = matchCondition(search, context, parameters)
  return context.reader.query<SpanRow>({
    sql: `
SELECT lower(hex(trace_id)) AS traceId, toString(toUnixTimestamp64Nano(start)) AS start
FROM spans
WHERE received >= now() - toIntervalDay({days:UInt32})
  AND spans.start >= fromUnixTimestamp64Nano({from:Int64}) AND spans.start <= fromUnixTimestamp64Nano({upper:Int64})
  AND ${match}${search.minDuration ? longTraces : ''}
ORDER BY spans.start DESC
LIMIT {limit:UInt32}`,
    params: {
      ...parameters.params,
      days: context.retention.traces,
      from: nanoseconds(window.from),
      upper: String(window.upper),
      limit,
      ...(search.minDuration && { minDuration: Math.floor(search.minDuration * 1e6) }),
    },
    signal: context.signal,
    ...(maxRows !== undefined && { maxRows }),
  })
}

/** Leaves out early what is too short; ten minutes around the window are looked at, the summary decides. */
const longTraces = `
  AND trace_id IN (
    SELECT trace_id FROM spans
    WHERE received >= now() - toIntervalDay({days:UInt32})
      AND spans.start >= fromUnixTimestamp64Nano({from:Int64} - 600000000000)
      AND spans.start <= fromUnixTimestamp64Nano({upper:Int64} + 600000000000)
    GROUP BY trace_id
    HAVING max(toUnixTimestamp64Nano(spans.start) + greatest(duration, 0)) - min(toUnixTimestamp64Nano(spans.start)) >= {minDuration:Int64}
  )`

function newestFirst(a: Candidate, b: Candidate): number {
  if (a.firstMatch !== b.firstMatch) return a.firstMatch < b.firstMatch ? 1 : -1
  return a.traceId < b.traceId ? 1 : -1
}

function candidateOf({ firstMatch, summary: { traceId } }: FoundTrace): Candidate {
  return { traceId, firstMatch }
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
