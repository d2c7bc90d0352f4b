import { errorGroup } from '@burstlet/otlp/error-group'
import { Hash64 } from '@burstlet/otlp/hash'
import type { Scope } from '../search/query-options.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { type FoundErrors, groupId } from './found.ts'
import type { CountRow, ErrorQuestion } from './spans.ts'

interface LogGroupRow {
  readonly service: string
  readonly type: string
  readonly count: string
  readonly first: string
  readonly last: string
  readonly newest: [message: string, stack: string, traceId: string, spanId: string]
  readonly counts: Record<string, string>
}

const mostGroups = 5000

// Near enough to the fingerprint to bring millions of records down to some rows; the fingerprint itself is made of one of each.
const logGroupsQuery = `
SELECT service, attr_s['exception.type'] AS type, toString(count()) AS count,
  toString(toUnixTimestamp64Nano(min(logs.time))) AS first, toString(toUnixTimestamp64Nano(max(logs.time))) AS last,
  argMax((message, stack, lower(hex(trace_id)), lower(hex(span_id))), logs.time) AS newest,
  sumMap(map(toString(intDiv(toUnixTimestamp64Milli(logs.time), {step:Int64}) * {step:Int64}), toUInt64(1))) AS counts
FROM (
  SELECT *, if(attr_s['exception.message'] != '', attr_s['exception.message'], body) AS message, attr_s['exception.stacktrace'] AS stack
  FROM logs
  WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32})
    AND logs.time >= fromUnixTimestamp64Nano({from:Int64}) AND logs.time < fromUnixTimestamp64Nano({to:Int64})
    AND ({service:String} = '' OR service = {service:String})
    AND (mapContains(attr_s, 'exception.type') OR mapContains(attr_s, 'exception.message'))
) AS logs
GROUP BY service, type, replaceRegexpAll(substringUTF8(message, 1, 1000), '[0-9]+', '#'),
  cityHash64(replaceRegexpAll(substringUTF8(stack, 1, 8000), '[0-9]+', '#'))
ORDER BY count() DESC LIMIT ${mostGroups}`

const noId = /^0*$/

/**
 * Groups of the log records of a range that carry an exception, under the fingerprint that a span with it would have.
 * @param step milliseconds of a bucket of `counts`
 */
export async function readLogErrors(
  scope: Scope,
  range: TimeRange,
  question: ErrorQuestion,
  step: number,
): Promise<(FoundErrors & { readonly counts: readonly CountRow[] })[]> {
  const rows = await scope.reader.query<LogGroupRow>({
    sql: logGroupsQuery,
    params: {
      space: scope.space,
      days: scope.retention.logs,
      from: nanoseconds(range.from),
      to: nanoseconds(range.to),
      service: question.service ?? '',
      step,
    },
    signal: scope.signal,
  })
  const hash = new Hash64()
  return rows
    .map((row) => {
      const { service, type, newest } = row
      const [message, stack, traceId, spanId] = newest
      const { low, high } = errorGroup({ service, type, message, stack, operation: '' }, hash)
      const id = groupId(String((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)))
      return {
        id,
        type,
        services: [service],
        spans: 0,
        logs: Number(row.count),
        first: row.first,
        last: row.last,
        stack,
        samples: [
          {
            time: row.last,
            service,
            operation: '',
            message,
            traceId: noId.test(traceId) ? null : traceId,
            spanId: noId.test(spanId) ? null : spanId,
          },
        ],
        counts: Object.entries(row.counts).map(([bucket, count]) => ({ bucket, count: Number(count) })),
      }
    })
    .filter(({ id }) => question.group === undefined || id === question.group)
}
