import type { MetricAnswer, MetricSeries } from '@burstlet/contract/metrics'
import type { Scope } from '../search/query-options.ts'
import { chooseInterval, type TimeRange } from '../search/time-range.ts'
import { aggregateMetric } from './aggregate.ts'
import { defaultAggregation } from './aggregation.ts'
import { readCollectionInterval, shortestStep } from './collection-interval.ts'
import type { GroupPoint } from './samples.ts'
import { readMetricKind, type SeriesSelection } from './series.ts'

export interface MetricQuestion extends SeriesSelection {
  readonly aggregation?: string | undefined
  readonly interval?: number | undefined
  readonly limit: number
}

/** One metric over time, a series for each group. A name that never came has type null and no series. */
export async function readMetric(scope: Scope, question: MetricQuestion, range: TimeRange): Promise<MetricAnswer> {
  const { name, groupBy, limit } = question
  const kind = await readMetricKind(scope, name)
  const least =
    kind && question.interval === undefined ? shortestStep(await readCollectionInterval(scope, name, range, kind)) : 1
  const intervalSeconds = chooseInterval(range, 200, least, question.interval)
  if (!kind) {
    const aggregation = question.aggregation ?? 'avg'
    return {
      name,
      type: null,
      unit: '',
      aggregation,
      intervalSeconds,
      series: [],
      truncated: false,
      completeUntil: null,
    }
  }
  const aggregation = question.aggregation ?? defaultAggregation(kind)
  const selection = selectionOf(question)
  const buckets = { seconds: intervalSeconds }
  const { points, completeUntil } = await aggregateMetric(scope, selection, kind, range, buckets, aggregation)
  const series = seriesOf(points, groupBy)
  return {
    name,
    type: kind.type,
    unit: kind.unit,
    aggregation,
    intervalSeconds,
    series: series.slice(0, limit),
    truncated: series.length > limit,
    completeUntil: completeUntil !== undefined && completeUntil < range.to ? completeUntil : null,
  }
}

function selectionOf({ name, service, tags, filter, groupBy }: MetricQuestion): SeriesSelection {
  return { name, service, tags, filter, groupBy }
}

/** Groups as series, largest first. */
function seriesOf(points: readonly GroupPoint[], groupBy: readonly string[]): MetricSeries[] {
  const groups = Map.groupBy(points, ({ labels }) => JSON.stringify(labels))
  return [...groups.values()]
    .map((group) => ({
      tags: Object.fromEntries(groupBy.map((key, index) => [key, group[0]!.labels[index] ?? ''])),
      points: group
        .map(({ bucket, value }): [number, number | null] => [Number(bucket), value])
        .sort(([a], [b]) => a - b),
    }))
    .sort((a, b) => size(b) - size(a))
}

function size({ points }: MetricSeries): number {
  return points.reduce((sum, [, value]) => sum + Math.abs(value ?? 0), 0)
}
