import { ApiError } from '../../http/errors/api-error.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { bucketsOf, type TimeRange } from '../../querying/time/time-range.ts'
import { readCollectionInterval, silenceLimitMs } from '../metrics/collection-interval.ts'
import type { Interval } from '../metrics/distribution.ts'
import { readHistograms } from '../metrics/histograms.ts'
import type { Timing } from '../metrics/increases.ts'
import { tablesOf } from '../metrics/points.ts'
import type { MetricKind } from '../metrics/series.ts'
import type { HeatMap } from './heat-map.ts'
import type { PlannedQuery } from './plan.ts'
import { kindsOf, metricOf } from './read-metric.ts'

/** More bands than a picture has rows; edges beyond are thinned out. */
const maxBands = 200

/**
 * What histograms counted, by bucket of time and band of value. The bands lie between the bounds of all series together;
 * a bucket that spans several is spread evenly over them.
 */
export async function readMetricHeatMap(
  query: PlannedQuery,
  context: QueryContext,
  range: TimeRange,
  stepSeconds: number,
): Promise<HeatMap> {
  const { name } = metricOf(query)
  const { chosen: kind, found, warnings } = await kindsOf(query, context, range)
  const histogram = kind?.type === 'histogram' || kind?.type === 'exponential_histogram'
  if (kind && !histogram) {
    const message = `${name} is a ${kind.type}; a distribution needs a histogram`
    throw new ApiError('VALIDATION_ERROR', `${query.path}: ${message}`, [{ path: `${query.path}.kind`, message }])
  }
  const selection = { name, filter: query.filter, groupBy: [] }
  const counted = kind
    ? await readHistograms(context, selection, kind, await timingOf(context, name, kind, range, stepSeconds))
    : []
  const byBucket = Map.groupBy(counted, ({ bucket }) => Number(bucket))
  const edges = thinned(counted.flatMap(({ intervals }) => intervals))
  const unit = kind?.unit ? { unit: kind.unit } : {}
  return {
    source: kind ? tablesOf(kind).join(', ') : 'metric_series',
    ...(found.length > 0 && { metricKinds: [...found] }),
    warnings,
    columns: [
      { name: 'time', type: 'time', role: 'time' },
      { name, type: 'number', role: 'label', ...unit },
      { name: 'value', type: 'number', role: 'value' },
    ],
    series: edges.slice(1).map((high, index) => ({
      labels: {},
      low: edges[index]!,
      high,
      points: bucketsOf(range, stepSeconds).map((at): [number, number] => {
        const intervals = (byBucket.get(at) ?? []).flatMap((row) => row.intervals)
        return [at, countWithin(intervals, edges[index]!, high, index === 0)]
      }),
    })),
  }
}

async function timingOf(
  context: QueryContext,
  name: string,
  kind: MetricKind,
  range: TimeRange,
  seconds: number,
): Promise<Timing> {
  const now = Date.now()
  const silenceMs = silenceLimitMs(await readCollectionInterval(context, name, range, kind, now))
  return { range, buckets: { seconds }, silenceMs, now }
}

/** Edges of all filled intervals, in order. */
function thinned(intervals: readonly Interval[]): number[] {
  const filled = intervals.filter(({ count }) => count > 0)
  const edges = [...new Set(filled.flatMap(({ low, high }) => [low, high]))].sort((a, b) => a - b)
  if (edges.length === 1) return [edges[0]!, edges[0]!]
  const every = Math.ceil(edges.length / maxBands)
  return edges.filter((_, index) => index % every === 0 || index === edges.length - 1)
}

/** Above `low`, up to `high`. @param first whether what lies at `low` itself belongs here too */
function countWithin(intervals: readonly Interval[], low: number, high: number, first: boolean): number {
  let found = 0
  for (const each of intervals) {
    if (each.low === each.high) {
      if (each.low <= high && (each.low > low || (first && each.low >= low))) found += each.count
    } else {
      const within = Math.min(each.high, high) - Math.max(each.low, low)
      if (within > 0) found += (each.count * within) / (each.high - each.low)
    }
  }
  return found
}
