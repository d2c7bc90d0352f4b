import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import type { TimeRange } from '../search/time-range.ts'
import { percentOf } from './aggregation.ts'
import { coverageColumns, increasesQuery, type PointColumns, seriesColumns } from './increases.ts'
import { type Buckets, bucketOf, pointsWithin } from './points.ts'
import { type Coverage, completeUntil, rateOf } from './rate.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

export interface GroupPoint {
  readonly labels: string[]
  readonly bucket: string
  readonly value: number | null
}

/** Points, and up to when all that they depend on is there (epoch ms); undefined when nothing is due. */
export interface GroupPoints {
  readonly points: GroupPoint[]
  readonly completeUntil: number | undefined
}

/** How what is asked is to be read, beside what it is about. */
export interface Timing {
  readonly range: TimeRange
  readonly buckets: Buckets
  /** A series that was silent for longer begins anew, ms. */
  readonly silenceMs: number
  /** Epoch ms. */
  readonly now: number
}

/**
 * Aggregates gauges and sums: over time within each series first, then over the series of a group.
 *
 * sum: of counters what was added; of gauges and other sums the newest value of each series, added up.
 * last: of gauges the newest of all; of sums the newest of each series, added up. increase and rate: of gauges and other sums
 * the difference. The others are over all points.
 */
export function aggregateSamples(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
  aggregation: string,
): Promise<GroupPoints> {
  const isCounter = kind.type === 'sum' && kind.monotonic
  return aggregation === 'increase' || aggregation === 'rate' || (aggregation === 'sum' && isCounter)
    ? readIncreases(scope, selection, kind, timing, aggregation === 'rate')
    : readLevels(scope, selection, kind, timing, aggregation)
}

const sampleColumns: PointColumns = {
  table: 'metric_samples',
  values: { v: ['Float64', 'point.value'] },
  isDelta: 'chosen.temporality = 1',
  isLevel: 'chosen.temporality = 0 OR NOT chosen.monotonic',
  described: [],
  where: 'point.value_type != 0',
}

interface IncreaseRow extends Coverage {
  readonly labels: string[]
  readonly increase: number
}

async function readIncreases(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
  isRate: boolean,
): Promise<GroupPoints> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const rows = await scope.reader.query<IncreaseRow>({
    sql: `
SELECT ${coverageColumns}, sum(added_of) AS increase
FROM (
  SELECT bucket, ${seriesColumns('if(all_new, newer.v, newer.v - older.v)')}
  FROM ${increasesQuery({ scope, selection, series, ...timing }, sampleColumns, parameters)}
  GROUP BY fingerprint, bucket
)
GROUP BY labels_of, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  const { buckets, range, now } = timing
  return {
    completeUntil: completeUntil(rows),
    points: rows
      .filter(({ known }) => known > 0)
      .map((row) => ({
        labels: row.labels,
        bucket: row.bucket,
        value: finite(isRate ? rateOf([row], buckets, range, now) : row.increase),
      })),
  }
}

/** Of one group of series in one bucket. */
interface LevelRow {
  readonly labels: string[]
  readonly bucket: string
  readonly points: string
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
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  { range, buckets }: Timing,
  aggregation: string,
): Promise<GroupPoints> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const percent = percentOf(aggregation)
  const quantile = percent === undefined ? undefined : parameters.value('Float64', percent / 100)
  const rows = await scope.reader.query<LevelRow>({
    sql: `
SELECT chosen.labels AS labels, toString(bucket) AS bucket, sum(n) AS points, sum(total_in_series) / sum(n) AS average,
  min(least_value) AS low, max(greatest_value) AS high, argMax(last_value, last_time) AS newest, sum(last_value) AS newestSum
  ${quantile === undefined ? '' : `, quantileExactInclusiveArray(${quantile})(all_values) AS percentile`}
FROM (
  SELECT fingerprint, bucket, count() AS n, sum(v) AS total_in_series, min(v) AS least_value, max(v) AS greatest_value,
    argMax(v, at) AS last_value, max(at) AS last_time ${quantile === undefined ? '' : ', groupArray(v) AS all_values'}
  FROM (
    SELECT point.fingerprint AS fingerprint, point.time AS at, point.value AS v, ${bucketOf(buckets, parameters)} AS bucket
    FROM metric_samples AS point
    WHERE ${pointsWithin(selection, series, range, scope, parameters)} AND point.value_type != 0
  )
  GROUP BY fingerprint, bucket
) AS found
INNER JOIN ${series} AS chosen ON chosen.fingerprint = found.fingerprint
GROUP BY labels, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  return {
    completeUntil: undefined,
    points: rows.map((row) => ({
      labels: row.labels,
      bucket: row.bucket,
      value: finite(levelOf(row, kind, aggregation)),
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

/** JSON has no NaN; the engine writes it, and infinities, as text. */
function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
