import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { type GroupPoints, knownPoints } from './group-points.ts'
import { type IncreaseQuestion, increasesQuery, type PointColumns, type Timing } from './increases.ts'
import { type Coverage, completeUntil, type Known, rateOf } from './rate.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

/** What the series of a group added in one bucket. */
export interface Total extends Known {
  readonly labels: string[]
  readonly added: number
  /** Of histograms and summaries: the sum of what was recorded, and of how many of them it is known. */
  readonly sum: number
  readonly summed: number
}

type Question = Pick<IncreaseQuestion, 'context' | 'selection'>

/** A sum that is no number (something infinite was recorded) is not known. */
const hasSum = 'isFinite(newer.sum) AND (all_new OR isFinite(older.sum))'

/**
 * Reads what was added, by group and bucket.
 * @param columns its values are `v`, in the unit of the series; or `count` and `sum`
 */
export function readTotals(
  { context, selection }: Question,
  kind: MetricKind,
  timing: Timing,
  columns: PointColumns,
): Promise<Total[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, context, parameters)
  const isSample = 'v' in columns.values
  const added = isSample
    ? 'if(all_new, newer.v, newer.v - older.v) * factor'
    : 'if(all_new, newer.count, newer.count - older.count)'
  const sums = isSample
    ? '0. AS sum, 0. AS summed'
    : `sumIf(if(all_new, newer.sum, newer.sum - older.sum) * part * factor, ${hasSum}) AS sum,
  sumIf(${added} * part, ${hasSum}) AS summed`
  return context.reader.query<Total>({
    sql: `
SELECT pair.labels AS labels, toString(pair.bucket) AS bucket, sum(${added} * part) AS added, ${sums}, ${knownColumns('pair')}
FROM ${increasesQuery({ context, selection, series, ...timing }, columns, parameters)} AS pair
GROUP BY labels, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: context.signal,
  })
}

/** `known` and `openSince` of a `Known`, over rows of `increasesQuery`. */
export function knownColumns(pair: string): string {
  return `max(${pair}.known) AS known, toFloat64(minIf(${pair}.last_at, ${pair}.open)) / 1e6 AS openSince`
}

/** The same with all of the coverage, which is told by series. */
function readRates(
  { context, selection }: Question,
  kind: MetricKind,
  timing: Timing,
  { values, ...columns }: PointColumns,
): Promise<(Coverage & Pick<Total, 'labels'>)[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, context, parameters)
  const [[name, value]] = Object.entries(values) as [[string, PointColumns['values'][string]]]
  const factor = name === 'v' ? ' * factor' : ''
  const added = `if(all_new, newer.${name}, newer.${name} - older.${name})${factor}`
  const pairs = increasesQuery(
    { context, selection, series, ...timing },
    { ...columns, values: { [name]: value } },
    parameters,
  )
  return context.reader.query({
    sql: `
SELECT labels_of AS labels, toString(bucket) AS bucket, max(known_of) AS known,
  minIf(low_of, known_of) AS low, maxIf(high_of, known_of AND NOT open_of) AS high, sumIf(added_of, NOT open_of) AS settled,
  groupArrayIf((added_of, high_of), open_of AND known_of) AS open, sumIf(rate_of, open_of AND NOT known_of) AS carried,
  toFloat64(minIf(last_of, open_of)) / 1e6 AS openSince
FROM (
  SELECT bucket, any(labels) AS labels_of, sum(${added} * part) AS added_of, max(known) AS known_of, max(open) AS open_of,
    minIf(low, known) AS low_of, maxIf(high, known) AS high_of, maxIf(${added} / span_ns * 1e9, open) AS rate_of,
    max(last_at) AS last_of
  FROM ${pairs}
  GROUP BY fingerprint, bucket
)
GROUP BY labels_of, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: context.signal,
  })
}

/** Rates of what points of any kind have added. */
export async function ratePoints(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  timing: Timing,
  columns: readonly PointColumns[],
): Promise<GroupPoints> {
  const all = await Promise.all(columns.map((each) => readRates({ context, selection }, kind, timing, each)))
  const groups = [...Map.groupBy(all.flat(), ({ labels, bucket }) => JSON.stringify([labels, bucket])).values()]
  const points = groups.map((rows) => {
    const { labels, bucket } = rows[0]!
    const known = Math.max(...rows.map((row) => row.known))
    const openSince = completeUntil(rows) ?? 0
    return { labels, bucket, known, openSince, rate: rateOf(rows, timing.buckets, timing.range, timing.now) }
  })
  return knownPoints(points, ({ rate }) => rate)
}
