import type { Scope } from '../search/query-options.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { pointTables } from './points.ts'
import { type MetricKind, readMetricKind } from './series.ts'

const lookedAtMs = 900_000

/**
 * Seconds between two points of a series, as most series of a metric have it; 0 when that cannot be told. Buckets that
 * are shorter would lack some of the series each, and their sums would jump.
 */
export async function readCollectionInterval(
  scope: Scope,
  name: string,
  range: TimeRange,
  known?: MetricKind,
): Promise<number> {
  const kind = known ?? (await readMetricKind(scope, name))
  if (!kind) return 0
  const [row] = await scope.reader.query<{ seconds: number | string | null }>({
    sql: `
SELECT quantileExact(0.5)(gap) AS seconds
FROM (
  SELECT (max(toUnixTimestamp64Milli(time)) - min(toUnixTimestamp64Milli(time))) / (uniqExact(time) - 1) / 1000 AS gap
  FROM ${pointTables[kind.type]}
  WHERE space = {space:String} AND name = {name:String} AND received >= now() - toIntervalDay({days:UInt32})
    AND time >= fromUnixTimestamp64Nano({from:Int64}) AND time < fromUnixTimestamp64Nano({to:Int64})
  GROUP BY fingerprint
  HAVING uniqExact(time) > 2
  LIMIT 1000
)`,
    params: {
      space: scope.space,
      name,
      days: scope.retention.metrics,
      from: nanoseconds(Math.max(range.from, range.to - lookedAtMs)),
      to: nanoseconds(range.to),
    },
    signal: scope.signal,
  })
  // A collection every 60 s comes a little early or late.
  return typeof row?.seconds === 'number' && Number.isFinite(row.seconds) ? row.seconds * 0.9 : 0
}
