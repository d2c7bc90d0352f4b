import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { explicitIntervals, exponentialIntervals, type Interval } from './distribution.ts'
import { type Buckets, bucketOf, coversColumns, cumulativeColumns, pointsWithin, previousPoint } from './points.ts'
import type { Covered } from './rate.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

/** What histograms of one group counted in one bucket of time. */
export interface Counted extends Covered {
  readonly labels: string[]
  readonly count: number
  readonly sum: number
  readonly least: number | undefined
  readonly most: number | undefined
  /** least and most are of these values alone; otherwise of all since the series began. */
  readonly ownExtremes: boolean
  readonly intervals: readonly Interval[]
}

interface CountedRow extends Covered {
  readonly labels: string[]
  readonly count: number
  readonly sum: number
}

type ExplicitRow = CountedRow & { readonly bounds: number[]; readonly counts: number[] }

type ExponentialRow = CountedRow & {
  readonly scale: number
  readonly zeros: number
  readonly zeroThreshold: number
  readonly positive: [keys: number[], counts: number[]]
  readonly negative: [keys: number[], counts: number[]]
}

/** Counts of a point since the one before: all of a delta point, the difference of a cumulative one. */
const sinceBefore = (value: string, previous: string, nothing: string, difference: string) =>
  `multiIf(chosen.temporality = 1 OR whole, ${value}, first, ${nothing}, ${difference.replaceAll('PREVIOUS', previous)})`

const commonColumns = `labels, toString(bucket) AS bucket, sum(new_count) AS count, sum(new_sum) AS sum,
  sum(covers) / uniqExact(sender) AS covered,
  tuple(minIf(low, bitAnd(has_bits, 2) != 0), maxIf(high, bitAnd(has_bits, 4) != 0), max(bitAnd(has_bits, 2)), max(bitAnd(has_bits, 4))) AS known,
  min(own_extremes) AS ownExtremes`

/** Reads explicit histograms, one row for each layout of buckets in a group. */
export async function readExplicit(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
): Promise<Counted[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const rows = await scope.reader.query<ExplicitRow & Known>({
    sql: `
SELECT ${commonColumns}, bounds, sumForEach(new_buckets) AS counts
FROM (
  SELECT ${pointColumns(buckets, parameters)},
    chosen.bounds AS bounds,
    arrayMap(b -> toFloat64(b), point.buckets) AS own,
    arrayMap(b -> toFloat64(b), any(point.buckets) OVER w) AS before,
    multiIf(chosen.temporality = 1 OR whole, own, first OR length(own) != length(before), arrayMap(b -> 0., own),
      arrayMap((a, b) -> a - b, own, arrayResize(before, length(own)))) AS new_buckets
  FROM metric_histograms AS point
  INNER JOIN ${series} AS chosen ON chosen.fingerprint = point.fingerprint
  WHERE ${pointsWithin(selection, series, range, buckets, scope, parameters)}
  ${previousPoint}
)
WHERE at >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})
GROUP BY labels, bounds, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  return rows.map((row) => {
    const { least, most } = extremesOf(row)
    return { ...counted(row), intervals: explicitIntervals(row.bounds, row.counts, least, most) }
  })
}

/**
 * Reads exponential histograms. Those of one group and bucket are brought to the coarsest scale among them: a bucket of a
 * finer scale lies wholly in one of a coarser. A difference of two points is taken key by key, since their offsets need not
 * agree.
 */
export async function readExponential(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
): Promise<Counted[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const sides = ['positive', 'negative'] as const
  const both = (column: (side: (typeof sides)[number]) => string) => sides.map(column).join(',\n    ')
  const keys = (offset: string, counts: string, scale: string) =>
    `arrayMap(i -> toInt32(floor((${offset} + i - 1) / exp2(${scale} - coarsest))), arrayEnumerate(${counts}))`
  const rows = await scope.reader.query<ExponentialRow & Known>({
    sql: `
SELECT ${commonColumns}, any(coarsest) AS scale, sum(new_zeros) AS zeros, max(threshold) AS zeroThreshold,
  sumMap(positive_keys, positive_counts) AS positive, sumMap(negative_keys, negative_counts) AS negative
FROM (
  SELECT *, ${both(
    (side) => `multiIf(all_new, ${keys(`${side}_from`, `${side}_own`, 'own_scale')}, first, []::Array(Int32),
      arrayConcat(${keys(`${side}_from`, `${side}_own`, 'own_scale')}, ${keys(`${side}_from_before`, `${side}_before`, 'scale_before')})) AS ${side}_keys,
    multiIf(all_new, ${side}_own, first, []::Array(Float64), arrayConcat(${side}_own, arrayMap(c -> -c, ${side}_before))) AS ${side}_counts`,
  )}
  FROM (
    SELECT *, min(least(own_scale, scale_before)) OVER (PARTITION BY labels, bucket) AS coarsest
    FROM (
      SELECT ${pointColumns(buckets, parameters)},
        chosen.temporality = 1 OR whole AS all_new, point.zero_threshold AS threshold,
        ${sinceBefore('toFloat64(point.zero_count)', 'toFloat64(any(point.zero_count) OVER w)', '0.', 'toFloat64(point.zero_count) - PREVIOUS')} AS new_zeros,
        point.scale AS own_scale, if(all_new OR first, point.scale, any(point.scale) OVER w) AS scale_before,
        ${both(
          (side) => `point.${side}_offset AS ${side}_from, any(point.${side}_offset) OVER w AS ${side}_from_before,
        arrayMap(c -> toFloat64(c), point.${side}) AS ${side}_own, arrayMap(c -> toFloat64(c), any(point.${side}) OVER w) AS ${side}_before`,
        )}
      FROM metric_exponential_histograms AS point
      INNER JOIN ${series} AS chosen ON chosen.fingerprint = point.fingerprint
      WHERE ${pointsWithin(selection, series, range, buckets, scope, parameters)}
      ${previousPoint}
    )
  )
)
WHERE at >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})
GROUP BY labels, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  return rows.map((row) => ({
    ...counted(row),
    intervals: [
      ...exponentialIntervals(row.scale, pairs(row.positive), 1),
      ...exponentialIntervals(row.scale, pairs(row.negative), -1),
      { low: -row.zeroThreshold, high: row.zeroThreshold, count: row.zeros },
    ],
  }))
}

function pointColumns(buckets: Buckets, parameters: Parameters): string {
  return `chosen.labels AS labels, point.time AS at,
    ${bucketOf(buckets, parameters)} AS bucket,
    ${cumulativeColumns(buckets, 'point.count < any(point.count) OVER w', parameters)},
    ${coversColumns}, point.fingerprint AS sender,
    ${sinceBefore('toFloat64(point.count)', 'toFloat64(any(point.count) OVER w)', '0.', 'toFloat64(point.count) - PREVIOUS')} AS new_count,
    ${sinceBefore('point.sum', 'any(point.sum) OVER w', '0.', 'point.sum - PREVIOUS')} AS new_sum,
    point.min AS low, point.max AS high, point.has AS has_bits,
    toUInt8(chosen.temporality = 1 OR whole) AS own_extremes`
}

/** least, most, and whether each was sent at all; a cumulative point has those of all since its start. */
interface Known {
  readonly ownExtremes: number
  readonly known: [least: number, most: number, hasLeast: number, hasMost: number]
}

function extremesOf({ known: [least, most, hasLeast, hasMost] }: Known) {
  return { least: hasLeast ? least : undefined, most: hasMost ? most : undefined }
}

function counted(row: CountedRow & Known): Omit<Counted, 'intervals'> {
  return {
    labels: row.labels,
    bucket: row.bucket,
    count: row.count,
    sum: row.sum,
    covered: row.covered,
    ownExtremes: row.ownExtremes === 1,
    ...extremesOf(row),
  }
}

function pairs([keys, counts]: [number[], number[]]): [number, number][] {
  return keys.map((key, index) => [key, counts[index]!])
}
