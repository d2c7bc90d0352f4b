import type { ProblemError } from '@burstlet/contract/errors'
import type { MetricResponse, MetricSeries } from '@burstlet/contract/metrics'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { chooseInterval, type TimeRange } from '../../querying/time/time-range.ts'
import { aggregateMetric } from './aggregate.ts'
import { defaultAggregation } from './aggregation.ts'
import { readCollectionInterval, shortestStep } from './collection-interval.ts'
import type { GroupPoint } from './group-points.ts'
import { familyOfKind, type KindChoice, notFiniteWarnings, readMetricKinds } from './kinds.ts'
import type { SeriesSelection } from './series.ts'

export interface MetricQuestion extends SeriesSelection, KindChoice {
  readonly aggregation?: string | undefined
  readonly interval?: number | undefined
  readonly limit: number
}

/** One metric over time, a series for each group. A name that never came has type null and no series. */
export async function readMetric(
  context: QueryContext,
  question: MetricQuestion,
  range: TimeRange,
): Promise<MetricResponse> {
  const { name, groupBy, limit } = question
  const selection = selectionOf(question)
  const { chosen: kind, found, warnings } = await readMetricKinds(context, selection, range, question)
  const isOpen = kind && question.interval === undefined
  const least = isOpen ? shortestStep(await readCollectionInterval(context, name, range, kind)) : 1
  const intervalSeconds = chooseInterval(range, 200, least, question.interval)
  const head = { name, kinds: [...found], intervalSeconds }
  if (!kind) {
    return {
      ...head,
      type: null,
      kind: null,
      unit: '',
      aggregation: question.aggregation ?? 'avg',
      series: [],
      truncated: false,
      completeUntil: null,
      warnings: located(warnings),
    }
  }
  const aggregation = question.aggregation ?? defaultAggregation(kind)
  const buckets = { seconds: intervalSeconds }
  const { points, completeUntil } = await aggregateMetric(context, selection, kind, range, buckets, aggregation)
  const series = seriesOf(points, groupBy)
  return {
    ...head,
    type: kind.type,
    kind: familyOfKind(kind),
    unit: kind.unit,
    aggregation,
    series: series.slice(0, limit),
    truncated: series.length > limit,
    completeUntil: completeUntil !== undefined && completeUntil < range.to ? completeUntil : null,
    warnings: located([...warnings, ...notFiniteWarnings(name, points)]),
  }
}

function located(warnings: readonly Omit<ProblemError, 'path'>[]): ProblemError[] {
  return warnings.map((each) => ({ path: 'name', ...each }))
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
