import type { QueryContext } from '../../querying/context/query-context.ts'
import { labelText } from '../../querying/fields/metric-labels.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import type { GroupPoint } from '../metrics/group-points.ts'
import { type Buckets, bucketOf, pointsWithin, tablesOf } from '../metrics/points.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from '../metrics/series.ts'

/** How many different values an attribute has among the series that sent points, by group and bucket. */
export async function countSeriesValues(
  context: QueryContext,
  selection: SeriesSelection,
  kind: MetricKind,
  range: TimeRange,
  buckets: Buckets,
  field: string,
): Promise<GroupPoint[]> {
  const parameters = new Parameters()
  const series = seriesQuery(selection, kind, context, parameters, labelText(field, parameters))
  const sent = tablesOf(kind).map(
    (table) => `
  SELECT DISTINCT point.fingerprint AS fingerprint, ${bucketOf(buckets, parameters)} AS bucket FROM ${table} AS point
  WHERE ${pointsWithin(selection, series, range, context, parameters)}`,
  )
  const rows = await context.reader.query<{ labels: string[]; bucket: string; found: string }>({
    sql: `
SELECT chosen.labels AS labels, toString(bucket) AS bucket,
  uniqExactIf(chosen.extra, chosen.extra != '') AS found
FROM (${sent.join('\n  UNION ALL')}) AS found
INNER JOIN ${series} AS chosen ON chosen.fingerprint = found.fingerprint
GROUP BY labels, bucket`,
    params: parameters.params,
    signal: context.signal,
  })
  return rows.map(({ labels, bucket, found }) => ({ labels, bucket, value: Number(found) }))
}
