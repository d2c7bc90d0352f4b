import type { Scope } from '../search/query-options.ts'
import type { Parameters } from '../search/statement.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import type { SeriesSelection } from './series.ts'

/** Tables of points, by the type of metric; gauges and sums share one. */
export const pointTables = {
  gauge: 'metric_samples',
  sum: 'metric_samples',
  histogram: 'metric_histograms',
  exponential_histogram: 'metric_exponential_histograms',
  summary: 'metric_summaries',
} as const

/** How points are put together over time. */
export interface Buckets {
  /** Length of a bucket, which rates are taken over. */
  readonly seconds: number
  /** All points are in one bucket, which starts here (epoch ms); otherwise buckets are aligned to 1970. */
  readonly only?: number
}

/**
 * How far before a point the one before it may lie, ms; a series that was silent for longer begins anew. Longer than the
 * longest usual interval of collection. Points are read from so far before the range on.
 */
export function lookbackMs(intervalSeconds: number): number {
  return Math.max(900_000, 2 * intervalSeconds * 1000)
}

function lookbackOf({ seconds, only }: Buckets): number {
  return lookbackMs(only === undefined ? seconds : 0)
}

/** WHERE of the points of a selection, lookback included; `point` is the alias of the table of points. */
export function pointsWithin(
  selection: Pick<SeriesSelection, 'name'>,
  series: string,
  range: TimeRange,
  buckets: Buckets,
  scope: Scope,
  parameters: Parameters,
): string {
  const lower = parameters.value('Int64', nanoseconds(range.from - lookbackOf(buckets)))
  return `point.space = ${parameters.value('String', scope.space)}
    AND point.name = ${parameters.value('String', selection.name)}
    AND point.fingerprint IN (SELECT fingerprint FROM ${series})
    AND point.received >= now() - toIntervalDay(${parameters.value('UInt32', scope.retention.metrics)})
    AND point.time >= fromUnixTimestamp64Nano(${lower})
    AND point.time < fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.to))})
    AND bitAnd(point.flags, 1) = 0`
}

/** `w`: the point before in the same series. */
export const previousPoint =
  'WINDOW w AS (PARTITION BY point.fingerprint ORDER BY point.time ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)'

/**
 * Columns that say how a cumulative point relates to the one before: `first` (there is none, or it is too long ago), `reset`
 * (it counts anew), and `whole` (its full value was counted lately, so all of it is increase). They depend on nothing but
 * the points of the time before, so that a bucket has one value whatever range it is asked in.
 * A first point whose start is its own time is of unknown age, and counts nothing (OTLP, "unknown start time").
 * @param shrunk SQL that holds when the values themselves went back
 */
export function cumulativeColumns(buckets: Buckets, shrunk: string, parameters: Parameters): string {
  const lower = `toUnixTimestamp64Nano(point.time) - ${parameters.value('Int64', nanoseconds(lookbackOf(buckets)))}`
  return `count() OVER w = 0 OR toUnixTimestamp64Nano(any(point.time) OVER w) < ${lower} AS first,
      toUnixTimestamp64Nano(point.start) AS started,
      NOT first AND (${shrunk} OR started > toUnixTimestamp64Nano(any(point.start) OVER w)) AS reset,
      reset OR (first AND started >= ${lower} AND point.start < point.time) AS whole`
}

/** Columns beside {@link cumulativeColumns}: `covers`, the seconds that what a point adds is of; 0 where it adds nothing. */
export const coversColumns = `greatest(started, toUnixTimestamp64Nano(any(point.time) OVER w)) AS since,
      if(since <= 0 OR (first AND NOT whole AND chosen.temporality != 1), 0,
        greatest(toUnixTimestamp64Nano(point.time) - since, 0) / 1e9) AS covers`

/** Epoch ms of the start of the bucket that `point.time` lies in. */
export function bucketOf({ seconds, only }: Buckets, parameters: Parameters): string {
  if (only !== undefined) return parameters.value('Int64', Math.floor(only))
  const step = parameters.value('Int64', seconds * 1000)
  return `intDiv(toUnixTimestamp64Milli(point.time), ${step}) * ${step}`
}
