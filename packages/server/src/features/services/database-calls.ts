import type { ServiceResponse } from '@burstlet/contract/services'
import { durationBucket } from '../../background/rollups/duration-buckets.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { percentile } from '../red/percentile.ts'
import type { RedRow } from '../red/red.ts'

type DatabaseRow = RedRow & { readonly system: string; readonly namespace: string; readonly operation: string }

const query = `
SELECT db_system AS system, coalesce(nullIf(attr_s['db.namespace'], ''), attr_s['db.name']) AS namespace, name AS operation,
  sum(toFloat64(adjusted_count)) AS requests, sumIf(toFloat64(adjusted_count), status = 2) AS failed,
  sum(toFloat64(adjusted_count) * intDiv(greatest(duration, 0), 1000)) AS totalUs,
  max(toUInt64(intDiv(greatest(duration, 0), 1000))) AS maxUs,
  sumMap(map(${durationBucket}, toFloat64(adjusted_count))) AS durations
FROM spans
WHERE received >= now() - toIntervalDay({days:UInt32}) AND service = {service:String}
  AND kind = 3 AND db_system != ''
  AND spans.start >= fromUnixTimestamp64Nano({from:Int64}) AND spans.start < fromUnixTimestamp64Nano({to:Int64})
GROUP BY system, namespace, operation
ORDER BY totalUs DESC, operation
LIMIT 50`

/** What a service asks databases, by the name of its spans. */
export async function readDatabaseCalls(
  context: QueryContext,
  range: TimeRange,
  service: string,
): Promise<ServiceResponse['databaseCalls']> {
  const rows = await context.reader.query<DatabaseRow>({
    sql: query,
    params: {
      days: context.retention.traces,
      service,
      from: nanoseconds(range.from),
      to: nanoseconds(range.to),
    },
    signal: context.signal,
  })
  return rows.map((row) => ({
    system: row.system,
    namespace: row.namespace,
    operation: row.operation,
    requests: row.requests,
    errors: row.failed,
    p95: percentile(row, 95),
  }))
}
