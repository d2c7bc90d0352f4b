import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { percentOf } from './aggregation.ts'
import { finite, type GroupPoints, knownPoints } from './group-points.ts'
import type { PointColumns, Timing } from './increases.ts'
import { bucketOf, pointsWithin } from './points.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'
import { ratePoints, readTotals } from './totals.ts'

/**
 * Aggregates gauges and sums: over time within each series first, then over the series of a group.
 *
 * sum: of counters what was added; of gauges and other sums the newest value of each series, added up.
 * last: of gauges the newest of all; of sums the newest of each series, added up. increase and rate: of gauges and other sums
 * the difference. The others are over all points. Points that are no numbers JSON can say (NaN, infinities) count for nothing.
 */
export function aggregateSamples(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
  aggregation: string,
): Promise<GroupPoints> {
  const isCounter = kind.type === 'sum' && kind.monotonic
  if (aggregation === 'rate') return ratePoints(context, selection, kind, timing, [sampleColumns])
  return aggregation === 'increase' || (aggregation === 'sum' && isCounter)
    ? readIncreases(context, selection, kind, timing)
    : readLevels(context, selection, kind, timing, aggregation)
}

const sampleColumns: PointColumns = {
  table: 'metric_samples',
  values: { v: ['Float64', 'point.value'] },
  isDelta: 'chosen.temporality = 1',
  isLevel: 'chosen.temporality = 0 OR NOT chosen.monotonic',
  described: ['factor'],
  where: 'point.value_type != 0 AND isFinite(point.value)',
}

async function readIncreases(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
): Promise<GroupPoints> {
  const rows = await readTotals({ context, selection }, kind, timing, sampleColumns)
  return knownPoints(rows, ({ added }) => added)
}

/** Of one group of series in one bucket. */
interface LevelRow {
  readonly labels: string[]
  readonly bucket: string
  /** Those that are numbers. */
  readonly points: string
  readonly notFinite: string
  readonly average: number
  readonly low: number
  readonly high: number
  /** Of the newest point of all. */
  readonly newest: number
  /** Newest of each series, added up. */
  readonly newestSum: number
  readonly percentile?: number
}

async function readLevels(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  { range, buckets }: Timing,
  aggregation: string,
): Promise<GroupPoints> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, context, parameters)
  const percent = percentOf(aggregation)
  const quantile = percent === undefined ? undefined : parameters.value('Float64', percent / 100)
  const rows = await context.reader.query<LevelRow>({
    sql: `
SELECT chosen.labels AS labels, toString(bucket) AS bucket, sum(n) AS points, sum(total * factor) / sum(n) AS average,
  minIf(least_value * factor, n > 0) AS low, maxIf(greatest_value * factor, n > 0) AS high,
  argMaxIf(last_value * factor, last_time, n > 0) AS newest, sumIf(last_value * factor, n > 0) AS newestSum,
  sum(other) AS notFinite
  ${quantile === undefined ? '' : `, quantileExactInclusiveArray(${quantile})(arrayMap(each -> each * factor, all_values)) AS percentile`}
FROM (
  SELECT fingerprint, bucket, countIf(numeric) AS n, countIf(NOT numeric) AS other, sumIf(v, numeric) AS total,
    minIf(v, numeric) AS least_value, maxIf(v, numeric) AS greatest_value, argMaxIf(v, at, numeric) AS last_value,
    maxIf(at, numeric) AS last_time ${quantile === undefined ? '' : ', groupArrayIf(v, numeric) AS all_values'}
  FROM (
    SELECT point.fingerprint AS fingerprint, point.time AS at, point.value AS v, isFinite(point.value) AS numeric,
      ${bucketOf(buckets, parameters)} AS bucket
    FROM metric_samples AS point
    WHERE ${pointsWithin(selection, series, range, context, parameters)} AND point.value_type != 0
  )
  GROUP BY fingerprint, bucket
) AS found
INNER JOIN ${series} AS chosen ON chosen.fingerprint = found.fingerprint
GROUP BY labels, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: context.signal,
  })
  return {
    completeUntil: undefined,
    points: rows.map((row) => ({
      labels: row.labels,
      bucket: row.bucket,
      value: Number(row.points) > 0 ? finite(levelOf(row, kind, aggregation)) : null,
      notFinite: Number(row.notFinite),
    })),
  }
}

function levelOf(row: LevelRow, kind: MetricKind, aggregation: string): number | undefined {
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
      return row.newestSum
    case 'last':
      return kind.type === 'gauge' ? row.newest : row.newestSum
    default:
      return row.percentile
  }
}
