import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { type Buckets, bucketOf, coversColumns, cumulativeColumns, pointsWithin, previousPoint } from './points.ts'
import type { Covered } from './rate.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

/** What summaries of one group said in one bucket of time. */
export interface Summarised extends Covered {
  readonly labels: string[]
  readonly count: number
  readonly sum: number
  /** The newest quantiles of each series: [quantile 0–1, value]. */
  readonly quantiles: readonly (readonly (readonly [number, number])[])[]
}

interface SummaryRow extends Omit<Summarised, 'quantiles'> {
  readonly newest: [quantiles: number[], values: number[]][]
}

/** Summaries come ready-made: their quantiles cannot be put together, so each series keeps its own. */
export async function readSummaryPoints(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
): Promise<Summarised[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const rows = await scope.reader.query<SummaryRow>({
    sql: `
SELECT labels, toString(bucket) AS bucket, sum(new_count) AS count, sum(new_sum) AS sum, avg(covered_in_series) AS covered,
  groupArray(10000)(newest_quantiles) AS newest
FROM (
  SELECT any(labels) AS labels, bucket, sum(increase_count) AS new_count, sum(increase_sum) AS new_sum,
    sum(covers) AS covered_in_series,
    argMax((quantiles, quantile_values), at) AS newest_quantiles
  FROM (
    SELECT point.fingerprint AS fingerprint, chosen.labels AS labels, point.time AS at,
      ${bucketOf(buckets, parameters)} AS bucket, point.quantiles AS quantiles, point.quantile_values AS quantile_values,
      ${cumulativeColumns(buckets, 'point.count < any(point.count) OVER w', parameters)},
      ${coversColumns},
      multiIf(whole, toFloat64(point.count), first, 0., toFloat64(point.count) - toFloat64(any(point.count) OVER w)) AS increase_count,
      multiIf(whole, point.sum, first, 0., point.sum - any(point.sum) OVER w) AS increase_sum
    FROM metric_summaries AS point
    INNER JOIN ${series} AS chosen ON chosen.fingerprint = point.fingerprint
    WHERE ${pointsWithin(selection, series, range, buckets, scope, parameters)}
    ${previousPoint}
  )
  WHERE at >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})
  GROUP BY fingerprint, bucket
)
GROUP BY labels, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  return rows.map(({ newest, ...row }) => ({
    ...row,
    quantiles: newest.map(([quantiles, values]) =>
      quantiles.map((quantile, index): [number, number] => [quantile, values[index]!]),
    ),
  }))
}

/**
 * A percentile as the mean over the series of a group, each read between its two nearest quantiles.
 * @returns null when no series has quantiles
 */
export function summaryPercentile(series: Summarised['quantiles'], percent: number): number | null {
  const values = series.flatMap((quantiles) => interpolate(quantiles, percent / 100) ?? [])
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

function interpolate(quantiles: readonly (readonly [number, number])[], wanted: number): number | undefined {
  const sorted = quantiles.filter(([, value]) => typeof value === 'number').sort(([a], [b]) => a - b)
  const above = sorted.find(([quantile]) => quantile >= wanted) ?? sorted.at(-1)
  const below = sorted.findLast(([quantile]) => quantile <= wanted) ?? above
  if (!above || !below) return undefined
  if (above[0] <= below[0]) return above[1]
  return below[1] + ((above[1] - below[1]) * (wanted - below[0])) / (above[0] - below[0])
}
