import { metricTypes } from '@burstlet/contract/metrics'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { remembered } from '../../querying/context/remembered.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { pointTables } from './points.ts'
import type { MetricKind } from './series.ts'

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** How far back points are looked at, until there are three of a series. What is collected seldom has few of them. */
const lookedAtMs = [15 * minute, 6 * hour, 10 * day]

/**
 * Seconds between two points of a series, as most series of a metric have it; 0 when that cannot be told. Buckets that
 * are shorter would lack some of the series each, and their sums would jump.
 */
export async function readCollectionInterval(
  context: QueryContext,
  name: string,
  { to }: TimeRange,
  kind: MetricKind,
  now = Date.now(),
): Promise<number> {
  const until = Math.min(to, now)
  // Of the same minute it is asked once.
  const newest = Math.ceil(until / minute) * minute
  return remembered(context, ['collection interval', name, kind.type, newest], async () => {
    for (const lookedAt of lookedAtMs) {
      const seconds = await medianGap(context, name, kind, { from: newest - lookedAt, to: newest })
      if (seconds > 0) return seconds
    }
    return 0
  })
}

/** Looked at are those that were announced last. */
const maxSeries = 100

/** The lower one of the two in the middle: a silence is no interval. */
async function medianGap(
  context: QueryContext,
  name: string,
  kind: MetricKind,
  { from, to }: TimeRange,
): Promise<number> {
  const [row] = await context.reader.query<{ seconds: number | string | null }>({
    sql: `
SELECT quantileExact(0.5)(gap) AS seconds
FROM (
  SELECT arraySort(groupUniqArray(toUnixTimestamp64Milli(time))) AS times,
    arraySort(arrayPopFront(arrayDifference(times)))[intDiv(length(times), 2)] / 1000 AS gap
  FROM ${pointTables[kind.type]}
  WHERE name = {name:String} AND received >= now() - toIntervalDay({days:UInt32})
    AND fingerprint IN (
      SELECT fingerprint FROM metric_series
      WHERE name = {name:String} AND type = {type:UInt8}
        AND received >= now() - toIntervalDay({days:UInt32})
      GROUP BY fingerprint ORDER BY max(received) DESC LIMIT {most:UInt32}
    )
    AND time >= fromUnixTimestamp64Nano({from:Int64}) AND time < fromUnixTimestamp64Nano({to:Int64})
  GROUP BY fingerprint
  HAVING length(times) > 2
)`,
    params: {
      name,
      type: metricTypes.indexOf(kind.type) + 1,
      days: context.retention.metrics,
      most: maxSeries,
      from: nanoseconds(from),
      to: nanoseconds(to),
    },
    signal: context.signal,
  })
  return typeof row?.seconds === 'number' && Number.isFinite(row.seconds) ? row.seconds : 0
}

/** The shortest step that suits an interval: a collection every 60 s comes a little early or late. */
export function shortestStep(intervalSeconds: number): number {
  return intervalSeconds * 0.9
}

/**
 * How long a series may be silent and still go on, ms: what it added in that time is spread over it. After more it begins
 * anew. Three collections of what is collected seldom; in coarse steps, so that it stays the same from question to question.
 */
export function silenceLimitMs(intervalSeconds: number): number {
  return [6 * hour, day, 4 * day].find((limit) => 3000 * intervalSeconds <= limit) ?? 14 * day
}
