import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { explicitIntervals, exponentialIntervals, type Interval } from './distribution.ts'
import { increasesQuery, type PointColumns, type Timing } from './increases.ts'
import type { Known } from './rate.ts'

import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'
import { knownColumns } from './totals.ts'

/** What histograms of one group counted in one bucket of time, by the buckets of their values. */
export interface Counted extends Known {
  readonly labels: string[]
  readonly least: number | undefined
  readonly most: number | undefined
  /** least and most are of these values alone; otherwise of all since the series began. */
  readonly ownExtremes: boolean
  readonly intervals: readonly Interval[]
}

interface CountedRow extends Known {
  readonly labels: string[]
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

const common = { isDelta: 'chosen.temporality = 1', isLevel: '0' } as const
const tables = { histogram: 'metric_histograms', exponential_histogram: 'metric_exponential_histograms' } as const
const count = { count: ['Float64', 'toFloat64(point.count)'] } as const

/** Types of histograms among those of a kind. */
function histogramTypes({ types }: MetricKind): (keyof typeof tables)[] {
  return (['histogram', 'exponential_histogram'] as const).filter((type) => types.includes(type))
}

/** How counts and sums of a kind are read, without its buckets. */
export function histogramTotals(kind: MetricKind): PointColumns[] {
  return histogramTypes(kind).map((type) => ({
    ...common,
    table: tables[type],
    values: { ...count, sum: ['Float64', 'point.sum'] },
    described: ['factor'],
  }))
}

const commonValues: PointColumns['values'] = {
  ...count,
  // An infinite extreme is not known.
  has: ['UInt8', 'if(isFinite(point.min), bitAnd(point.has, 2), 0) + if(isFinite(point.max), bitAnd(point.has, 4), 0)'],
  min: ['Float64', 'point.min'],
  max: ['Float64', 'point.max'],
}

const commonColumns = `pair.labels AS labels, toString(pair.bucket) AS bucket, ${knownColumns('pair')},
  toUInt8(min(if(pair.known, all_new, 1))) AS ownExtremes,
  tuple(minIf(newer.min * factor, pair.known AND bitAnd(newer.has, 2) != 0),
    maxIf(newer.max * factor, pair.known AND bitAnd(newer.has, 4) != 0),
    max(if(pair.known, bitAnd(newer.has, 2), 0)), max(if(pair.known, bitAnd(newer.has, 4), 0))) AS extremes`

/** Reads histograms of both types. */
export async function readHistograms(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
): Promise<Counted[]> {
  const read = { histogram: readExplicit, exponential_histogram: readExponential }
  return (await Promise.all(histogramTypes(kind).map((type) => read[type](context, selection, kind, timing)))).flat()
}

/** Reads explicit histograms, one row for each layout of buckets in a group. */
async function readExplicit(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
): Promise<Counted[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, context, parameters)
  const columns: PointColumns = {
    ...common,
    table: tables.histogram,
    values: { ...commonValues, buckets: ['Array(Float64)', 'arrayMap(each -> toFloat64(each), point.buckets)'] },
    described: ['bounds', 'factor'],
  }
  const rows = await context.reader.query<ExplicitRow>({
    sql: `
SELECT ${commonColumns}, arrayMap(each -> each * factor, pair.bounds) AS bounds,
  sumForEach(arrayMap(each -> each * part, multiIf(
    all_new, newer.buckets,
    length(newer.buckets) != length(older.buckets), arrayResize([]::Array(Float64), length(newer.buckets)),
    arrayMap((a, b) -> a - b, newer.buckets, older.buckets)))) AS counts
FROM ${increasesQuery({ context, selection, series, ...timing }, columns, parameters)} AS pair
GROUP BY labels, bounds, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: context.signal,
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
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
): Promise<Counted[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, context, parameters)
  const columns: PointColumns = {
    ...common,
    table: tables.exponential_histogram,
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
  const rows = await context.reader.query<ExponentialRow>({
    sql: `
SELECT ${commonColumns}, scale, pair.factor AS factor, sum(if(all_new, newer.zeros, newer.zeros - older.zeros) * part) AS zeros,
  maxIf(newer.threshold, pair.known) AS zeroThreshold, ${sideColumns('positive')}, ${sideColumns('negative')}
FROM (
  SELECT *, if(all_new, newer.scale, least(newer.scale, older.scale)) AS scale
  FROM ${increasesQuery({ context, selection, series, ...timing }, columns, parameters)}
) AS pair
GROUP BY labels, scale, factor, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: context.signal,
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
    `arrayMap(i -> toInt32(floor((${point}.${side}_from + i - 1) / exp2(${point}.scale - scale))), arrayEnumerate(${point}.${side}))`
  return `sumMap(
      if(all_new, ${keys('newer')}, arrayConcat(${keys('newer')}, ${keys('older')})),
      if(all_new, arrayMap(each -> each * part, newer.${side}),
        arrayConcat(arrayMap(each -> each * part, newer.${side}), arrayMap(each -> -each * part, older.${side})))) AS ${side}`
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
