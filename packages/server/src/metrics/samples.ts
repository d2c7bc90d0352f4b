import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { percentOf } from './aggregation.ts'
import { type Buckets, bucketOf, coversColumns, cumulativeColumns, pointsWithin, previousPoint } from './points.ts'
import { type Covered, rateSeconds } from './rate.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

/** Gauges and sums of one group of series in one bucket. */
interface SampleRow extends Covered {
  readonly labels: string[]
  readonly points: string
  readonly average: number
  readonly low: number
  readonly high: number
  /** Of the newest point of all. */
  readonly newest: number
  /** Newest of each series, added up. */
  readonly newestSum: number
  readonly total: number
  readonly increase: number
  readonly percentile?: number
}

export interface GroupPoint {
  readonly labels: string[]
  readonly bucket: string
  readonly value: number | null
}

/**
 * Aggregates gauges and sums: over time within each series first, then over the series of a group.
 * @param aggregation as the contract has it; what it means for each kind of metric is in {@link sampleValue}
 */
export async function aggregateSamples(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
  aggregation: string,
): Promise<GroupPoint[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const percent = percentOf(aggregation)
  const quantile = percent === undefined ? undefined : parameters.value('Float64', percent / 100)
  const rows = await scope.reader.query<SampleRow>({
    sql: `
SELECT labels, toString(bucket) AS bucket, sum(n) AS points, sum(total_in_series) / sum(n) AS average, min(least_value) AS low,
  max(greatest_value) AS high, argMax(last_value, last_time) AS newest, sum(last_value) AS newestSum,
  sum(total_in_series) AS total, sum(increase_in_series) AS increase, avg(covered_in_series) AS covered
  ${quantile === undefined ? '' : `, quantileExactInclusiveArray(${quantile})(all_values) AS percentile`}
FROM (
  SELECT fingerprint, bucket, count() AS n, sum(v) AS total_in_series, min(v) AS least_value, max(v) AS greatest_value,
    argMax(v, at) AS last_value, max(at) AS last_time, sum(increase) AS increase_in_series,
    sum(covers) AS covered_in_series,
    any(labels) AS labels ${quantile === undefined ? '' : ', groupArray(v) AS all_values'}
  FROM (
    SELECT point.fingerprint AS fingerprint, chosen.labels AS labels, point.time AS at, point.value AS v,
      ${bucketOf(buckets, parameters)} AS bucket,
      any(point.value) OVER w AS previous,
      ${cumulativeColumns(buckets, 'chosen.monotonic AND point.value < any(point.value) OVER w', parameters)},
      ${coversColumns},
      multiIf(chosen.temporality = 1, v, chosen.temporality = 0 OR NOT chosen.monotonic, if(first, 0, v - previous),
        whole, v, first, 0, v - previous) AS increase
    FROM metric_samples AS point
    INNER JOIN ${series} AS chosen ON chosen.fingerprint = point.fingerprint
    WHERE ${pointsWithin(selection, series, range, buckets, scope, parameters)} AND point.value_type != 0
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
  return rows.map((row) => ({
    labels: row.labels,
    bucket: row.bucket,
    value: finite(sampleValue(row, kind, aggregation, rateSeconds(row, buckets, range))),
  }))
}

/**
 * sum: of counters what was added; of gauges and other sums the newest value of each series, added up.
 * last: of gauges the newest of all; of sums the newest of each series, added up. increase and rate: of gauges the
 * difference. The others are over all points.
 */
function sampleValue(row: SampleRow, kind: MetricKind, aggregation: string, seconds: number): number | undefined {
  switch (aggregation) {
    case 'avg':
      return row.average
    case 'min':
      return row.low
    case 'max':
      return row.high
    case 'count':
      return Number(row.points)
    case 'sum':
      return kind.type === 'sum' && kind.monotonic ? row.increase : row.newestSum
    case 'last':
      return kind.type === 'gauge' ? row.newest : row.newestSum
    case 'increase':
      return row.increase
    case 'rate':
      return row.increase / seconds
    default:
      return row.percentile
  }
}

/** JSON has no NaN; the engine writes it, and infinities, as text. */
function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
