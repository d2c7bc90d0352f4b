import { invalid } from '../errors/api-error.ts'
import { KnownBuckets } from '../query-guard/known-buckets.ts'
import { cacheKey } from '../query-guard/query-cache.ts'
import type { Scope } from '../search/query-options.ts'
import type { TimeRange } from '../search/time-range.ts'
import { percentOf } from './aggregation.ts'
import { readCollectionInterval, silenceLimitMs } from './collection-interval.ts'
import { percentileOf } from './distribution.ts'
import { type Counted, readHistograms } from './histograms.ts'
import type { Buckets } from './points.ts'
import { completeUntil, rateOf } from './rate.ts'
import { aggregateSamples, type GroupPoint, type GroupPoints, type Timing } from './samples.ts'
import type { MetricKind, SeriesSelection } from './series.ts'
import { readSummaryIncreases, readSummaryPercentiles, type SummaryIncrease } from './summaries.ts'

/**
 * The points of a metric by group and bucket, each kind in its own way. Buckets that are over are known for a moment, but for
 * those of which something is still due.
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
  now = Date.now(),
): Promise<GroupPoints & { cached: boolean }> {
  const silenceMs = silenceLimitMs(await readCollectionInterval(scope, selection.name, range, kind, now))
  const until: (number | undefined)[] = []
  const read = async (part: TimeRange) => {
    const found = await readPoints(scope, selection, kind, { range: part, buckets, silenceMs, now }, aggregation)
    until.push(found.completeUntil)
    return found.points
  }
  const complete = () => {
    const open = until.filter((each) => each !== undefined)
    return open.length > 0 ? Math.min(...open) : undefined
  }
  if (buckets.only !== undefined) {
    const points = await read(range)
    return { points, completeUntil: complete(), cached: false }
  }
  const key = cacheKey('metric', scope.space, scope.retention, selection, kind, buckets, aggregation, silenceMs)
  const known = new KnownBuckets<GroupPoint>(scope.cache, key, range, buckets.seconds)
  const points = await known.complete(read, complete)
  return { points, completeUntil: complete(), cached: known.used }
}

async function readPoints(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
  aggregation: string,
): Promise<GroupPoints> {
  switch (kind.type) {
    case 'histogram':
    case 'exponential_histogram':
      return distributionPoints(await readHistograms(scope, selection, kind, timing), aggregation, timing)
    case 'summary':
      return summaryPoints(scope, selection, kind, timing, aggregation)
    default:
      return aggregateSamples(scope, selection, kind, timing, aggregation)
  }
}

/** Rows of one group and bucket differ in their layout of buckets; here they become one point. */
function distributionPoints(rows: readonly Counted[], aggregation: string, timing: Timing): GroupPoints {
  const groups = Map.groupBy(rows, ({ labels, bucket }) => JSON.stringify([labels, bucket]))
  return {
    completeUntil: completeUntil(rows),
    points: [...groups.values()].flatMap((group) => {
      const known = group.filter((row) => row.known > 0)
      const { labels, bucket } = group[0]!
      if (known.length === 0) return []
      const value =
        aggregation === 'rate'
          ? rateOf(group, timing.buckets, timing.range, timing.now)
          : distributionValue(known, aggregation)
      return [{ labels, bucket, value }]
    }),
  }
}

/** count, sum and increase are of what was recorded; avg and last are its mean. */
function distributionValue(group: readonly Counted[], aggregation: string): number | null {
  const count = group.reduce((sum, row) => sum + row.count, 0)
  const sum = group.reduce((total, row) => total + row.sum, 0)
  const summed = group.reduce((total, row) => total + row.summed, 0)
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
    case 'sum':
      return sum
    case 'avg':
    case 'last':
      return summed > 0 ? sum / summed : null
    default: {
      const intervals = group.flatMap((row) => row.intervals)
      const own = group.every((row) => row.ownExtremes)
      if (aggregation === 'min') return (own ? least : undefined) ?? percentileOf(intervals, 0, least, most)
      if (aggregation === 'max') return (own ? most : undefined) ?? percentileOf(intervals, 100, least, most)
      return percentileOf(intervals, percentOf(aggregation)!, least, most)
    }
  }
}

async function summaryPoints(
  scope: Scope,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
  aggregation: string,
): Promise<GroupPoints> {
  const percent = { min: 0, max: 100 }[aggregation] ?? percentOf(aggregation)
  if (percent !== undefined) {
    const points = await readSummaryPercentiles(scope, selection, kind, timing, percent)
    return { points, completeUntil: undefined }
  }
  const rows = await readSummaryIncreases(scope, selection, kind, timing)
  return {
    completeUntil: completeUntil(rows),
    points: rows
      .filter(({ known }) => known > 0)
      .map((row) => ({ labels: row.labels, bucket: row.bucket, value: summaryValue(row, aggregation, timing) })),
  }
}

function summaryValue(row: SummaryIncrease, aggregation: string, { buckets, range, now }: Timing): number | null {
  switch (aggregation) {
    case 'count':
    case 'increase':
      return row.count
    case 'rate':
      return rateOf([row], buckets, range, now)
    case 'sum':
      return row.sum
    case 'avg':
    case 'last':
      return row.summed > 0 ? row.sum / row.summed : null
    default:
      throw invalid('aggregation', 'is not possible for a summary')
  }
}

/** Known only when every row knows it: one that does not may hold a smaller or larger value. */
function extreme(pick: (...values: number[]) => number, values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length > 0 && known.length === values.length ? pick(...known) : undefined
}
