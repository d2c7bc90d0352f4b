import { invalid } from '../errors/api-error.ts'
import { KnownBuckets } from '../query-guard/known-buckets.ts'
import { cacheKey } from '../query-guard/query-cache.ts'
import type { Scope } from '../search/query-options.ts'
import type { TimeRange } from '../search/time-range.ts'
import { percentOf } from './aggregation.ts'
import { percentileOf } from './distribution.ts'
import { type Counted, readExplicit, readExponential } from './histograms.ts'
import type { Buckets } from './points.ts'
import { type Covered, rateSeconds } from './rate.ts'
import { aggregateSamples, type GroupPoint } from './samples.ts'
import type { MetricKind, SeriesSelection } from './series.ts'
import { readSummaryPoints, type Summarised, summaryPercentile } from './summaries.ts'

/**
 * The points of a metric by group and bucket, each kind in its own way. Buckets that are over are known for a moment.
 * @param aggregation as the contract of `GET /metrics` has it
 * @returns and whether some of them were known
 * @throws ApiError when the kind of metric has no such aggregation
 */
export async function aggregateMetric(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
  aggregation: string,
): Promise<{ points: GroupPoint[]; cached: boolean }> {
  const read = (part: TimeRange) => readPoints(scope, selection, kind, part, buckets, aggregation)
  if (buckets.only !== undefined) return { points: await read(range), cached: false }
  const key = cacheKey('metric', scope.space, scope.retention, selection, kind, buckets, aggregation)
  const known = new KnownBuckets<GroupPoint>(scope.cache, 'metrics', key, range, buckets.seconds)
  const points = await known.complete(read)
  return { points, cached: known.used }
}

async function readPoints(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
  aggregation: string,
): Promise<GroupPoint[]> {
  const secondsOf = (row: Covered) => rateSeconds(row, buckets, range)
  switch (kind.type) {
    case 'histogram':
      return distributionPoints(await readExplicit(scope, selection, kind, range, buckets), aggregation, secondsOf)
    case 'exponential_histogram':
      return distributionPoints(await readExponential(scope, selection, kind, range, buckets), aggregation, secondsOf)
    case 'summary': {
      const rows = await readSummaryPoints(scope, selection, kind, range, buckets)
      return rows.map((row) => ({ ...row, value: summaryValue(row, aggregation, secondsOf(row)) }))
    }
    default:
      return aggregateSamples(scope, selection, kind, range, buckets, aggregation)
  }
}

/** Rows of one group and bucket differ in their layout of buckets; here they become one point. */
function distributionPoints(
  rows: readonly Counted[],
  aggregation: string,
  secondsOf: (row: Covered) => number,
): GroupPoint[] {
  const groups = Map.groupBy(rows, ({ labels, bucket }) => JSON.stringify([labels, bucket]))
  return [...groups.values()].map((group) => {
    const { labels, bucket } = group[0]!
    return { labels, bucket, value: distributionValue(group, aggregation, secondsOf) }
  })
}

/** count, sum, rate and increase are of what was recorded; avg and last are its mean. */
function distributionValue(
  group: readonly Counted[],
  aggregation: string,
  secondsOf: (row: Covered) => number,
): number | null {
  const count = group.reduce((sum, row) => sum + row.count, 0)
  const sum = group.reduce((total, row) => total + row.sum, 0)
  const least = extreme(
    Math.min,
    group.map((row) => row.least),
  )
  const most = extreme(
    Math.max,
    group.map((row) => row.most),
  )
  switch (aggregation) {
    case 'count':
    case 'increase':
      return count
    case 'rate':
      return group.reduce((rate, row) => rate + row.count / secondsOf(row), 0)
    case 'sum':
      return sum
    case 'avg':
    case 'last':
      return count > 0 ? sum / count : null
    default: {
      const intervals = group.flatMap((row) => row.intervals)
      const own = group.every((row) => row.ownExtremes)
      if (aggregation === 'min') return (own ? least : undefined) ?? percentileOf(intervals, 0, least, most)
      if (aggregation === 'max') return (own ? most : undefined) ?? percentileOf(intervals, 100, least, most)
      return percentileOf(intervals, percentOf(aggregation)!, least, most)
    }
  }
}

function summaryValue(row: Summarised, aggregation: string, seconds: number): number | null {
  switch (aggregation) {
    case 'count':
    case 'increase':
      return row.count
    case 'rate':
      return row.count / seconds
    case 'sum':
      return row.sum
    case 'avg':
    case 'last':
      return row.count > 0 ? row.sum / row.count : null
    case 'min':
      return summaryPercentile(row.quantiles, 0)
    case 'max':
      return summaryPercentile(row.quantiles, 100)
    default: {
      const percent = percentOf(aggregation)
      if (percent === undefined) throw invalid('aggregation', 'is not possible for a summary')
      return summaryPercentile(row.quantiles, percent)
    }
  }
}

/** Known only when every row knows it: one that does not may hold a smaller or larger value. */
function extreme(pick: (...values: number[]) => number, values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length > 0 && known.length === values.length ? pick(...known) : undefined
}
