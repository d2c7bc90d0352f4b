import { invalid } from '../../http/errors/api-error.ts'
import { BucketCache } from '../../querying/cache/bucket-cache.ts'
import { cacheKey } from '../../querying/cache/response-cache.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { percentOf } from './aggregation.ts'
import { readCollectionInterval, silenceLimitMs } from './collection-interval.ts'
import { percentileOf } from './distribution.ts'
import { type GroupPoint, type GroupPoints, knownPoints } from './group-points.ts'
import { type Counted, histogramTotals, readHistograms } from './histograms.ts'
import type { Timing } from './increases.ts'
import type { Buckets } from './points.ts'
import { completeUntil } from './rate.ts'
import { aggregateSamples } from './samples.ts'
import type { MetricKind, SeriesSelection } from './series.ts'
import { readSummaryPercentiles, summaryTotals } from './summaries.ts'
import { ratePoints, readTotals, type Total } from './totals.ts'

/**
 * The points of a metric by group and bucket, each kind in its own way. Buckets that are over are known for a moment, but for
 * those of which something is still due.
 * @param aggregation as the contract of `GET /metrics` has it
 * @returns and whether some of them were known
 * @throws ApiError when the kind of metric has no such aggregation
 */
export async function aggregateMetric(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
  aggregation: string,
  now = Date.now(),
): Promise<GroupPoints & { cached: boolean }> {
  const silenceMs = silenceLimitMs(await readCollectionInterval(context, selection.name, range, kind, now))
  const until: (number | undefined)[] = []
  const read = async (part: TimeRange) => {
    const found = await readPoints(context, selection, kind, { range: part, buckets, silenceMs, now }, aggregation)
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
  const key = cacheKey('metric', context.space, context.retention, selection, kind, buckets, aggregation, silenceMs)
  const known = new BucketCache<GroupPoint>(context.cache, 'metrics', key, range, buckets.seconds)
  const points = await known.complete(read, complete)
  return { points, completeUntil: complete(), cached: known.used }
}

async function readPoints(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
  aggregation: string,
): Promise<GroupPoints> {
  if (kind.type === 'gauge' || kind.type === 'sum')
    return aggregateSamples(context, selection, kind, timing, aggregation)
  const columns = kind.type === 'summary' ? [summaryTotals] : histogramTotals(kind)
  if (aggregation === 'rate') return ratePoints(context, selection, kind, timing, columns)
  if (['count', 'increase', 'sum', 'avg', 'last'].includes(aggregation)) {
    const all = await Promise.all(columns.map((each) => readTotals({ context, selection }, kind, timing, each)))
    return totalPoints(all.flat(), aggregation)
  }
  const percent = { min: 0, max: 100 }[aggregation] ?? percentOf(aggregation)
  if (percent === undefined) throw invalid('aggregation', `is not possible for a ${kind.type}`)
  if (kind.type === 'summary') {
    const points = await readSummaryPercentiles(context, selection, kind, timing, percent)
    return { points, completeUntil: undefined }
  }
  return distributionPoints(await readHistograms(context, selection, kind, timing), aggregation, percent)
}

/** count, sum and increase are of what was recorded; avg and last are its mean. */
function totalPoints(rows: readonly Total[], aggregation: string): GroupPoints {
  const groups = [...Map.groupBy(rows, ({ labels, bucket }) => JSON.stringify([labels, bucket])).values()]
  const totals = groups.map((group) => ({ ...group[0]!, ...together(group) }))
  return knownPoints(totals, ({ added, sum, summed }) => {
    if (aggregation === 'sum') return sum
    if (aggregation === 'avg' || aggregation === 'last') return summed > 0 ? sum / summed : null
    return added
  })
}

/** Both types of histograms of one group and bucket. */
function together(rows: readonly Total[]): Omit<Total, 'labels' | 'bucket'> {
  const sumOf = (key: 'added' | 'sum' | 'summed') => rows.reduce((total, row) => total + row[key], 0)
  return {
    added: sumOf('added'),
    sum: sumOf('sum'),
    summed: sumOf('summed'),
    known: Math.max(...rows.map(({ known }) => known)),
    openSince: completeUntil(rows) ?? 0,
  }
}

/** Rows of one group and bucket differ in their layout of buckets; here they become one point. */
function distributionPoints(rows: readonly Counted[], aggregation: string, percent: number): GroupPoints {
  const groups = [...Map.groupBy(rows, ({ labels, bucket }) => JSON.stringify([labels, bucket])).values()]
  const found = groups.map((group) => {
    const known = group.filter((row) => row.known > 0)
    return { ...group[0]!, known: known.length, openSince: completeUntil(group) ?? 0, rows: known }
  })
  return knownPoints(found, (group) => distributionValue(group.rows, aggregation, percent))
}

function distributionValue(rows: readonly Counted[], aggregation: string, percent: number): number | null {
  const least = extreme(
    Math.min,
    rows.map((row) => row.least),
  )
  const most = extreme(
    Math.max,
    rows.map((row) => row.most),
  )
  const own = rows.every((row) => row.ownExtremes)
  const sent = own ? { min: least, max: most }[aggregation] : undefined
  if (sent !== undefined) return sent
  const intervals = rows.flatMap((row) => row.intervals)
  return percentileOf(intervals, percent, least, most)
}

/** Known only when every row knows it: one that does not may hold a smaller or larger value. */
function extreme(pick: (...values: number[]) => number, values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length > 0 && known.length === values.length ? pick(...known) : undefined
}
