import type { Signal, Sources } from '../../querying/cache/late-arrivals.ts'

/** A table with the rows that arrived for each minute of their time, and its column of them. */
export interface Arrivals {
  readonly signal: Signal
  readonly table: 'span_arrivals' | 'log_levels_1m'
  readonly column: 'spans' | 'records'
}

export const arrivedSpans: Arrivals = { signal: 'spans', table: 'span_arrivals', column: 'spans' }
export const arrivedLogs: Arrivals = { signal: 'logs', table: 'log_levels_1m', column: 'records' }

/** How long the sources of rollups are kept, in days. */
export interface SourceRetention {
  readonly traces: number
  readonly logs: number
}

/**
 * Rows that are computed from spans, or log records, by windows of time. A window is computed when its time is over, and again when
 * spans have arrived since that belong to what it was made from. Every computation writes its rows under a run of its
 * own, and counts from the moment that `rollup_windows` names that run: it replaces the one before as a whole.
 */
export interface Rollup {
  /** Its name in `rollup_windows`. */
  readonly name: string
  /** Whole minutes. */
  readonly windowSeconds: number
  /** How long after its end a window is computed first. */
  readonly settleSeconds: number
  /** How far before and after a window the spans may begin that its rows are made from. Less, when there are many spans. */
  readonly lookbackSeconds: number
  readonly lookaheadSeconds: number
  /** What a window is computed from is kept for as many days. */
  readonly sourceDays: (retention: SourceRetention) => number
  /** How many days its own rows are kept, when that is longer: a window of which everything is there is computed that far back. */
  readonly keptDays?: number
  /** Where the arrivals of what it is made from are counted. */
  readonly arrivals: Arrivals
  /**
   * One INSERT … SELECT a table. Parameters: `space`, `run`, `from` and `to` (the windows, seconds since 1970), `sources_from`
   * and `sources_to` (what may be read for them).
   */
  readonly inserts: readonly string[]
  /**
   * Spans that the inserts can see, by minute, as `minute` (seconds since 1970) and `spans`; the same parameters. Between a
   * crash and the repetition of an insert the tables do not agree, and what is computed then must be computed again.
   */
  readonly visible: string
  /**
   * Whether windows of which nothing is visible are left for the next pass: what they are computed from is about to be there. Each
   * is computed by itself, so that none waits for what another lacks.
   */
  readonly waits?: true
  /** Tables that hold its rows, each with columns space, window_start and run. */
  readonly tables: readonly string[]
}

/** What windows of a rollup are made from, in epoch ms. @param range of their starts and ends, seconds since 1970 */
export function arrivalsOf(
  { arrivals, lookbackSeconds, lookaheadSeconds }: Rollup,
  range: { readonly from: number; readonly to: number },
): Sources {
  const from = (range.from - lookbackSeconds) * 1000
  return { signals: [arrivals.signal], from, to: (range.to + lookaheadSeconds) * 1000 }
}

/** What was computed of a window last. Times in seconds since 1970. */
export interface PublishedWindow {
  readonly start: number
  readonly run: bigint
  readonly seen: number
  readonly sourcesFrom: number
  readonly sourcesTo: number
  readonly computed: number
}

/** Start of the minute of a span, in seconds since 1970. */
export const minuteOfSpan = 'intDiv(toUnixTimestamp64Nano(spans.start), 60000000000) * 60'

/** Spans that begin within what may be read. */
export const spansWithinSources = `space = {space:String}
  AND spans.start >= toDateTime64({sources_from:Int64}, 9, 'UTC') AND spans.start < toDateTime64({sources_to:Int64}, 9, 'UTC')`

export const visibleSpans = `
SELECT ${minuteOfSpan} AS minute, count() AS spans FROM spans WHERE ${spansWithinSources} GROUP BY minute`
