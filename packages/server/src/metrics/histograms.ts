import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { explicitIntervals, exponentialIntervals, type Interval } from './distribution.ts'
import { coverageColumns, increasesQuery, type PointColumns, seriesColumns } from './increases.ts'
import type { Coverage } from './rate.ts'
import type { Timing } from './samples.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

/** What histograms of one group counted in one bucket of time. */
export interface Counted extends Coverage {
  readonly labels: string[]
  readonly count: number
  readonly sum: number
  /** How many of the counted `sum` is of. */
  readonly summed: number
  readonly least: number | undefined
  readonly most: number | undefined
  /** least and most are of these values alone; otherwise of all since the series began. */
  readonly ownExtremes: boolean
  readonly intervals: readonly Interval[]
}

interface CountedRow extends Coverage {
  readonly labels: string[]
  readonly count: number
  readonly sum: number
  readonly summed: number
  /** Of a cumulative point they are of all since its start. */
  readonly ownExtremes: number
  /** And whether each was sent at all. */
  readonly extremes: [least: number, most: number, hasLeast: number, hasMost: number]
}

type ExplicitRow = CountedRow & { readonly bounds: number[]; readonly counts: number[] }

type ExponentialRow = CountedRow & {
  readonly scale: number
  readonly factor: number
  readonly zeros: number
  readonly zeroThreshold: number
  readonly positive: [keys: number[], counts: number[]]
  readonly negative: [keys: number[], counts: number[]]
}

const histogramColumns = {
  isDelta: 'chosen.temporality = 1',
  isLevel: '0',
} as const

const commonValues: PointColumns['values'] = {
  count: ['Float64', 'toFloat64(point.count)'],
  sum: ['Float64', 'point.sum'],
  // An infinite extreme is not known, either.
  has: [
    'UInt8',
    'bitAnd(point.has, 1) + if(isFinite(point.min), bitAnd(point.has, 2), 0) + if(isFinite(point.max), bitAnd(point.has, 4), 0)',
  ],
  min: ['Float64', 'point.min'],
  max: ['Float64', 'point.max'],
}

/** What a pair of points added to a number that both have. */
const added = (name: string) => `if(all_new, newer.${name}, newer.${name} - older.${name})`

/** A sum that is no number (something infinite was recorded) is not known. */
const hasSum = 'isFinite(newer.sum) AND (all_new OR isFinite(older.sum))'

const commonOfSeries = `${seriesColumns(added('count'))}, any(factor) AS factor_of,
  sumIf(${added('sum')} * part, ${hasSum}) * factor_of AS sum_of, sumIf(${added('count')} * part, ${hasSum}) AS summed_of,
  min(if(known, all_new, 1)) AS own_of, minIf(newer.min, known AND bitAnd(newer.has, 2) != 0) * factor_of AS min_of,
  maxIf(newer.max, known AND bitAnd(newer.has, 4) != 0) * factor_of AS max_of,
  max(if(known, bitAnd(newer.has, 2), 0)) AS has_min_of, max(if(known, bitAnd(newer.has, 4), 0)) AS has_max_of`

const commonOfGroup = `${coverageColumns}, sum(added_of) AS count, sum(sum_of) AS sum, sum(summed_of) AS summed, toUInt8(min(own_of)) AS ownExtremes,
  tuple(minIf(min_of, has_min_of != 0), maxIf(max_of, has_max_of != 0), max(has_min_of), max(has_max_of)) AS extremes`

/** Reads histograms of both types. */
export async function readHistograms(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
): Promise<Counted[]> {
  const read = { histogram: readExplicit, exponential_histogram: readExponential }
  const types = (['histogram', 'exponential_histogram'] as const).filter((type) => kind.types.includes(type))
  return (await Promise.all(types.map((type) => read[type](scope, selection, kind, timing)))).flat()
}

/** Reads explicit histograms, one row for each layout of buckets in a group. */
async function readExplicit(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
): Promise<Counted[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const columns: PointColumns = {
    ...histogramColumns,
    table: 'metric_histograms',
    values: { ...commonValues, buckets: ['Array(Float64)', 'arrayMap(each -> toFloat64(each), point.buckets)'] },
    described: ['bounds', 'factor'],
  }
  const rows = await scope.reader.query<ExplicitRow>({
    sql: `
SELECT ${commonOfGroup}, bounds_of AS bounds, sumForEach(buckets_of) AS counts
FROM (
  SELECT bucket, arrayMap(each -> each * any(factor), any(bounds)) AS bounds_of, ${commonOfSeries},
    sumForEach(arrayMap(each -> each * part, multiIf(
      all_new, newer.buckets,
      length(newer.buckets) != length(older.buckets), arrayResize([]::Array(Float64), length(newer.buckets)),
      arrayMap((a, b) -> a - b, newer.buckets, arrayResize(older.buckets, length(newer.buckets)))))) AS buckets_of
  FROM ${increasesQuery({ scope, selection, series, ...timing }, columns, parameters)}
  GROUP BY fingerprint, bucket
)
GROUP BY labels_of, bounds, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  return rows.map(({ bounds, counts, ...row }) => {
    const counted = countedOf(row)
    return { ...counted, intervals: explicitIntervals(bounds, counts, counted.least, counted.most) }
  })
}

/**
 * Reads exponential histograms, one row for each scale in a group. A difference of two points is taken key by key, since
 * their offsets need not agree, in the coarser scale of both: a bucket of a finer scale lies wholly in one of a coarser.
 */
async function readExponential(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
): Promise<Counted[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, scope, parameters)
  const columns: PointColumns = {
    ...histogramColumns,
    table: 'metric_exponential_histograms',
    values: {
      ...commonValues,
      scale: ['Int32', 'point.scale'],
      zeros: ['Float64', 'toFloat64(point.zero_count)'],
      threshold: ['Float64', 'point.zero_threshold'],
      positive_from: ['Int32', 'point.positive_offset'],
      positive: ['Array(Float64)', 'arrayMap(each -> toFloat64(each), point.positive)'],
      negative_from: ['Int32', 'point.negative_offset'],
      negative: ['Array(Float64)', 'arrayMap(each -> toFloat64(each), point.negative)'],
    },
    described: ['factor'],
  }
  const rows = await scope.reader.query<ExponentialRow>({
    sql: `
SELECT ${commonOfGroup}, scale, factor_of AS factor, sum(zeros_of) AS zeros, max(threshold_of) AS zeroThreshold,
  sumMap(positive_of.1, positive_of.2) AS positive, sumMap(negative_of.1, negative_of.2) AS negative
FROM (
  SELECT bucket, common_scale AS scale, ${commonOfSeries},
    sum(${added('zeros')} * part) AS zeros_of, maxIf(newer.threshold, known) AS threshold_of,
    ${sideColumns('positive')}, ${sideColumns('negative')}
  FROM (
    SELECT *, if(all_new, newer.scale, least(newer.scale, older.scale)) AS common_scale
    FROM ${increasesQuery({ scope, selection, series, ...timing }, columns, parameters)}
  )
  GROUP BY fingerprint, bucket, common_scale
)
GROUP BY labels_of, scale, factor, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: scope.signal,
  })
  return rows.map(({ scale, factor, zeros, zeroThreshold, positive, negative, ...row }) => ({
    ...countedOf(row),
    intervals: [
      ...exponentialIntervals(scale, pairs(positive), 1),
      ...exponentialIntervals(scale, pairs(negative), -1),
      { low: -zeroThreshold, high: zeroThreshold, count: zeros },
    ].map(({ low, high, count }) => ({ low: low * factor, high: high * factor, count })),
  }))
}

/** Buckets of one side by their keys in the common scale: those of the newer point, less those of the older. */
function sideColumns(side: 'positive' | 'negative'): string {
  const keys = (point: 'newer' | 'older') =>
    `arrayMap(i -> toInt32(floor((${point}.${side}_from + i - 1) / exp2(${point}.scale - common_scale))), arrayEnumerate(${point}.${side}))`
  return `sumMap(
      if(all_new, ${keys('newer')}, arrayConcat(${keys('newer')}, ${keys('older')})),
      if(all_new, arrayMap(each -> each * part, newer.${side}),
        arrayConcat(arrayMap(each -> each * part, newer.${side}), arrayMap(each -> -each * part, older.${side})))) AS ${side}_of`
}

function countedOf({ extremes, ownExtremes, ...row }: CountedRow): Omit<Counted, 'intervals'> {
  const [least, most, hasLeast, hasMost] = extremes
  return {
    ...row,
    least: hasLeast ? least : undefined,
    most: hasMost ? most : undefined,
    ownExtremes: ownExtremes === 1,
  }
}

function pairs([keys, counts]: [number[], number[]]): [number, number][] {
  return keys.map((key, index) => [key, counts[index]!])
}
