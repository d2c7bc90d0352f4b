import type { Filter } from '@burstlet/query-language/filter'
import { ApiError } from '../../http/errors/api-error.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { bucketsOf, coveredSeconds, rangeSeconds, type TimeRange } from '../../querying/time/time-range.ts'
import { aggregateMetric } from '../metrics/aggregate.ts'
import { defaultAggregation } from '../metrics/aggregation.ts'
import type { GroupPoint, GroupPoints } from '../metrics/group-points.ts'
import { type MetricKinds, notFiniteWarnings, readMetricKinds } from '../metrics/kinds.ts'
import { type Buckets, tablesOf } from '../metrics/points.ts'
import type { MetricKind, SeriesSelection } from '../metrics/series.ts'
import { countSeriesValues } from './count-series.ts'
import { type Evaluated, type Group, identity, type ValueColumn } from './evaluated.ts'
import { compareGroups } from './order.ts'
import type { PlannedQuery } from './plan.ts'
import type { Reading } from './reading.ts'

/** Which metric a question is about, and what is computed of it. */
export interface MetricQuestion {
  readonly name: string
  /** As the contract of `GET /metrics` has it; undefined for what suits the kind, `uniq` for distinct values of `field`. */
  readonly aggregation: string | undefined
  readonly field: string | undefined
}

/**
 * The metric of a question: `metric`, or the argument of the aggregate (`avg(NAME)`), or a filter that needs `name = NAME`.
 * @throws ApiError when none of them says it, or the aggregate is not for metrics
 */
export function metricOf(query: PlannedQuery): MetricQuestion {
  const [aggregate] = query.aggregates
  const argument = aggregate?.field?.name === 'value' ? undefined : aggregate?.field?.name
  const distinct = aggregate?.name === 'uniq'
  const name = query.metric ?? (distinct ? undefined : argument) ?? nameIn(query.filter)
  if (name === undefined) {
    const message = 'which metric is asked for is not said'
    const hint = "Give metric, or avg(NAME), or a filter with name = 'NAME'"
    throw new ApiError('VALIDATION_ERROR', `${query.path}.metric: ${message}. ${hint}`, [
      { path: `${query.path}.metric`, message, hint },
    ])
  }
  if (aggregate?.name === 'error_rate' || (distinct && argument === undefined)) {
    const message = distinct ? 'uniq needs an attribute' : 'error_rate is for spans and logs'
    const path = `${query.path}.aggregate`
    throw new ApiError('VALIDATION_ERROR', `${path}: ${message}`, [{ path, message }])
  }
  const aggregation = aggregate?.name === 'percentile' ? `p${aggregate.percent}` : aggregate?.name
  return { name, aggregation, field: distinct ? argument : undefined }
}

function nameIn(filter: Filter | undefined): string | undefined {
  if (filter?.type === 'and') return filter.operands.map(nameIn).find((name) => name !== undefined)
  if (filter?.type !== 'comparison' || filter.operator !== '=') return undefined
  return ['name', 'metric', 'metric.name'].includes(filter.field.name) ? filter.value.text : undefined
}

/** What the metric of a question is, and which of it the question is about. */
export function kindsOf(query: PlannedQuery, context: QueryContext, range: TimeRange): Promise<MetricKinds> {
  const selection = { name: metricOf(query).name, filter: query.filter, groupBy: [] }
  return readMetricKinds(context, selection, range, query.choice)
}

/** A metric by group, over time (`time_series`) or as a whole (`scalar`, `table`). A name that never came has no groups. */
export async function readMetricGroups(
  query: PlannedQuery,
  context: QueryContext,
  reading: Reading,
): Promise<Evaluated> {
  const { range, offsetMs = 0 } = reading
  const question = metricOf(query)
  const { chosen: kind, found, warnings } = await kindsOf(query, context, range)
  const overTime = query.kind === 'time_series'
  const steps = overTime ? bucketsOf(range, reading.stepSeconds) : [range.from]
  const column = valueColumn(question, kind)
  const nothing = {
    buckets: steps,
    groups: [],
    values: [column],
    truncated: false,
    source: 'metric_series',
    cached: false,
    ...(found.length > 0 && { metricKinds: found }),
    warnings,
  }
  if (!kind) return nothing

  const shifted = { from: range.from - offsetMs, to: range.to - offsetMs }
  const whole: Buckets = { seconds: coveredSeconds(shifted.from, rangeSeconds(range), shifted), only: shifted.from }
  const read = (buckets: Buckets, kept: Kept) =>
    readPoints(context, query, question, kind, shifted, buckets, kept, reading.now)
  const all = query.groupBy.length > 0 && !reading.like ? await read(whole, {}) : undefined
  const totals = all?.points
  const chosen = chooseKept(query, totals, reading)
  const { points, cached, completeUntil } =
    totals && !overTime && !(chosen.more && query.other)
      ? {
          points: totals.filter(({ labels }) => chosen.order.includes(identity(labels, false))),
          cached: false,
          completeUntil: all?.completeUntil,
        }
      : await read(overTime ? { seconds: reading.stepSeconds } : whole, chosen.kept)
  const source = tablesOf(kind).join(', ')
  return {
    buckets: steps,
    groups: groupsOf(points, query, chosen.order, steps, overTime ? offsetMs : undefined, column.empty),
    values: [column],
    truncated: chosen.more,
    source,
    cached,
    metricKinds: found,
    warnings: [...warnings, ...notFiniteWarnings(question.name, points)],
    completeUntil: completeUntil !== undefined && completeUntil < shifted.to ? completeUntil + offsetMs : undefined,
  }
}

type Kept = Pick<SeriesSelection, 'kept' | 'onlyKept'>

async function readPoints(
  context: QueryContext,
  { filter, groupBy }: PlannedQuery,
  { name, aggregation, field }: MetricQuestion,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
  kept: Kept,
  now: number | undefined,
): Promise<GroupPoints & { cached: boolean }> {
  const selection = { name, filter, groupBy, ...kept }
  if (field !== undefined) {
    const points = await countSeriesValues(context, selection, kind, range, buckets, field)
    return { points, completeUntil: undefined, cached: false }
  }
  return aggregateMetric(context, selection, kind, range, buckets, aggregation ?? defaultAggregation(kind), now)
}

interface Chosen {
  readonly kept: Kept
  /** Identities of the groups, in the order asked for. */
  readonly order: readonly string[]
  readonly more: boolean
}

function chooseKept(query: PlannedQuery, totals: readonly GroupPoint[] | undefined, { like }: Reading): Chosen {
  if (like) {
    const keys = like.filter(({ other }) => !other).map(({ keys }) => keys)
    const more = like.some(({ other }) => other)
    const kept = query.groupBy.length > 0 ? { kept: keys, onlyKept: !more } : {}
    return { kept, order: keys.map((each) => identity(each, false)), more }
  }
  if (!totals) return { kept: {}, order: [identity([], false)], more: false }
  const compare = compareGroups(query.order, query.groupBy)
  const sorted = totals.map(({ labels, value }) => ({ keys: labels, values: [value] })).sort(compare)
  const first = sorted.slice(0, query.limit).map(({ keys }) => keys)
  const more = sorted.length > query.limit
  const kept = more ? { kept: first, onlyKept: !query.other } : {}
  return { kept, order: first.map((labels) => identity(labels, false)), more }
}

/** @param offsetMs added to the time of a point; undefined when there is one bucket for all */
function groupsOf(
  points: readonly GroupPoint[],
  { groupBy }: PlannedQuery,
  order: readonly string[],
  steps: readonly number[],
  offsetMs: number | undefined,
  empty: 0 | null,
): Group[] {
  const placeOf = new Map(steps.map((at, index) => [at, index]))
  const found = new Map<string, { keys: readonly string[]; other: boolean; values: (number | null)[][] }>()
  const groupFor = (keys: readonly string[], other: boolean) => {
    const id = identity(keys, other)
    const group = found.get(id) ?? { keys, other, values: [steps.map((): number | null => empty)] }
    found.set(id, group)
    return group
  }
  for (const id of order) groupFor((JSON.parse(id) as [boolean, ...string[]]).slice(1) as string[], false)
  for (const { labels, bucket, value } of points) {
    const place = offsetMs === undefined ? 0 : placeOf.get(Number(bucket) + offsetMs)
    const group = groupFor(labels, groupBy.length > 0 && labels.length === 0)
    if (place !== undefined) group.values[0]![place] = value
  }
  return [...found.values()]
}

function valueColumn({ aggregation, field }: MetricQuestion, kind: MetricKind | undefined): ValueColumn {
  const name = aggregation ?? (kind && defaultAggregation(kind))
  const counts = field !== undefined || name === 'count'
  const unit = kind && !counts && kind.unit !== '' ? (name === 'rate' ? `${kind.unit}/s` : kind.unit) : undefined
  return { name: 'value', type: 'number', role: 'value', empty: counts ? 0 : null, ...(unit !== undefined && { unit }) }
}
