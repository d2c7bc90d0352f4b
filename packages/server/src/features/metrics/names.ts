import { type MetricName, type MetricNamesResponse, metricTypes } from '@burstlet/contract/metrics'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { encodeCursor } from '../../querying/time/cursor.ts'
import { dayStart, nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { familyOf } from './kinds.ts'

interface NameRow extends Omit<MetricName, 'type' | 'kind' | 'temporality' | 'seriesCount'> {
  readonly type: number
  readonly temporality: number
  readonly seriesCount: string
}

const temporalities = ['none', 'delta', 'cumulative'] as const

/** Metrics that nothing was received of on the days of the range, and whose points of that time came later. */
const lateNames = `SELECT DISTINCT name FROM (${[
  'metric_samples',
  'metric_histograms',
  'metric_exponential_histograms',
  'metric_summaries',
]
  .map(
    (table) => `
    SELECT name FROM ${table}
    WHERE name IN (
      SELECT name FROM metric_series WHERE received >= toDateTime({firstDay:UInt32})
      GROUP BY name HAVING min(received) >= fromUnixTimestamp64Nano({to:Int64})
    ) AND ${table}.time >= fromUnixTimestamp64Nano({from:Int64}) AND ${table}.time < fromUnixTimestamp64Nano({to:Int64})`,
  )
  .join(' UNION ALL')})`

// A series stands once a day, so the day that the range begins in counts whole.
const namesQuery = `
SELECT name, type, argMax(metric_series.temporality, metric_series.received) AS temporality, unit,
  metric_series.type = 2 AND metric_series.monotonic AS monotonic, argMax(metric_series.description, metric_series.received) AS description,
  arraySort(groupUniqArray(100)(metric_series.service)) AS services, uniqExact(fingerprint) AS seriesCount
FROM metric_series
WHERE received >= now() - toIntervalDay({days:UInt32})
  AND received >= toDateTime({firstDay:UInt32}) AND (received < fromUnixTimestamp64Nano({to:Int64}) OR name IN (${lateNames}))
  AND ({search:String} = '' OR positionCaseInsensitive(name, {search:String}) > 0)
  AND ({service:String} = '' OR service = {service:String})
GROUP BY name, type, unit, monotonic
ORDER BY name, type, unit, monotonic
LIMIT {limit:UInt32} OFFSET {skip:UInt32}`

/** What metrics there are, by name. @param search a part of the name, in any case */
export async function readMetricNames(
  context: QueryContext,
  range: TimeRange,
  question: { search?: string | undefined; service?: string | undefined; limit: number; skip: number },
): Promise<MetricNamesResponse> {
  const { search = '', service = '', limit, skip } = question
  const rows = await context.reader.query<NameRow>({
    sql: namesQuery,
    params: {
      days: context.retention.metrics,
      firstDay: dayStart(range.from),
      from: nanoseconds(range.from),
      to: nanoseconds(range.to),
      search,
      service,
      limit: limit + 1,
      skip,
    },
    signal: context.signal,
  })
  return {
    items: rows.slice(0, limit).map((row) => ({
      ...row,
      type: metricTypes[row.type - 1]!,
      kind: familyOf(row),
      temporality: temporalities[row.temporality] ?? 'none',
      seriesCount: Number(row.seriesCount),
    })),
    nextCursor: rows.length > limit ? encodeCursor(['0', String(skip + limit)]) : null,
  }
}
