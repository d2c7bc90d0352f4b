import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { GroupPoint } from './group-points.ts'
import type { PointColumns, Timing } from './increases.ts'
import { bucketOf, pointsWithin } from './points.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

/** How counts and sums of summaries are read: they are cumulative, as those of histograms. */
export const summaryTotals: PointColumns = {
  table: 'metric_summaries',
  values: { count: ['Float64', 'toFloat64(point.count)'], sum: ['Float64', 'point.sum'] },
  isDelta: '0',
  isLevel: '0',
  described: ['factor'],
}

type Quantiles = readonly (readonly [quantile: number, value: number])[]

/**
 * A percentile of summaries. They come ready-made and cannot be put together, so each series gives the newest of its own, and
 * the answer is their mean.
 */
export async function readSummaryPercentiles(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  { range, buckets }: Timing,
  percent: number,
): Promise<GroupPoint[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, context, parameters)
  const rows = await context.reader.query<{
    labels: string[]
    bucket: string
    newest: [quantiles: number[], values: number[]][]
  }>({
    sql: `
SELECT chosen.labels AS labels, toString(bucket) AS bucket, groupArray(10000)((newest_quantiles.1, arrayMap(each -> each * factor, newest_quantiles.2))) AS newest
FROM (
  SELECT point.fingerprint AS fingerprint, ${bucketOf(buckets, parameters)} AS bucket,
    argMax((point.quantiles, point.quantile_values), point.time) AS newest_quantiles
  FROM metric_summaries AS point
  WHERE ${pointsWithin(selection, series, range, context, parameters)}
  GROUP BY fingerprint, bucket
) AS found
INNER JOIN ${series} AS chosen ON chosen.fingerprint = found.fingerprint
GROUP BY labels, bucket
ORDER BY bucket`,
    params: parameters.params,
    signal: context.signal,
  })
  return rows.map(({ labels, bucket, newest }) => {
    const each = newest.map(([quantiles, values]) =>
      quantiles.map((quantile, index): [number, number] => [quantile, values[index]!]),
    )
    return { labels, bucket, value: summaryPercentile(each, percent) }
  })
}

/**
 * A percentile as the mean over the series of a group, each read between its two nearest quantiles.
 * @returns null when no series has quantiles
 */
function summaryPercentile(series: readonly Quantiles[], percent: number): number | null {
  const values = series.flatMap((quantiles) => interpolate(quantiles, percent / 100) ?? [])
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

function interpolate(quantiles: Quantiles, wanted: number): number | undefined {
  const sorted = quantiles.filter(([, value]) => typeof value === 'number').sort(([a], [b]) => a - b)
  const above = sorted.find(([quantile]) => quantile >= wanted) ?? sorted.at(-1)
  const below = sorted.findLast(([quantile]) => quantile <= wanted) ?? above
  if (!above || !below) return undefined
  if (above[0] <= below[0]) return above[1]
  return below[1] + ((above[1] - below[1]) * (wanted - below[0])) / (above[0] - below[0])
}
