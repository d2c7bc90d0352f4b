import type { QueryContext } from '../../querying/context/query-context.ts'
import type { Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import type { MetricKind, SeriesSelection } from './series.ts'

/** Tables of points, by the type of metric; gauges and sums share one. */
export const pointTables = {
  gauge: 'metric_samples',
  sum: 'metric_samples',
  histogram: 'metric_histograms',
  exponential_histogram: 'metric_exponential_histograms',
  summary: 'metric_summaries',
} as const

/** Tables that the points of a kind are in. */
export function tablesOf({ types }: Pick<MetricKind, 'types'>): string[] {
  return [...new Set(types.map((type) => pointTables[type]))]
}

/** How points are put together over time. */
export interface Buckets {
  /** Length of a bucket. */
  readonly seconds: number
  /** All points are in one bucket, which starts here (epoch ms); otherwise buckets are aligned to 1970. */
  readonly only?: number
}

/** WHERE of the points of a selection; `point` is the alias of the table of points. */
export function pointsWithin(
  selection: Pick<SeriesSelection, 'name'>,
  series: string,
  range: TimeRange,
  context: QueryContext,
  parameters: Parameters,
): string {
  return `point.name = ${parameters.value('String', selection.name)}
    AND point.fingerprint IN (SELECT fingerprint FROM ${series})
    AND point.received >= now() - toIntervalDay(${parameters.value('UInt32', context.retention.metrics)})
    AND point.time >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})
    AND point.time < fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.to))})
    AND bitAnd(point.flags, 1) = 0`
}

/** Epoch ms of the start of the bucket that `point.time` lies in. */
export function bucketOf({ seconds, only }: Buckets, parameters: Parameters): string {
  if (only !== undefined) return parameters.value('Int64', Math.floor(only))
  const step = parameters.value('Int64', seconds * 1000)
  return `intDiv(toUnixTimestamp64Milli(point.time), ${step}) * ${step}`
}
