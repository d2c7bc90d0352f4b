import { Hash64 } from '@burstlet/otlp/hash'
import type { Scope } from '../search/query-options.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { type FoundErrors, groupIdOf } from './found.ts'
import { mapGroups, mappedReleases } from './mapped.ts'
import type { CountRow, ErrorQuestion } from './spans.ts'

interface LogGroupRow {
  readonly service: string
  readonly type: string
  /** Empty unless source maps of it may fit. */
  readonly version: string
  readonly count: string
  readonly first: string
  readonly last: string
  readonly newest: [message: string, stack: string, traceId: string, spanId: string]
  readonly counts: Record<string, string>
}

const mostGroups = 5000

/**
 * Near enough to the fingerprint to bring millions of records down to some rows; the fingerprint itself is made of one of
 * each. Stacks that source maps may fit are told apart by their columns too: a built script is one line.
 */
const logGroupsQuery = (isMapped: boolean) => `
SELECT service, type, version, toString(count()) AS count,
  toString(toUnixTimestamp64Nano(min(errors.time))) AS first, toString(toUnixTimestamp64Nano(max(errors.time))) AS last,
  argMax((message, stack, lower(hex(trace_id)), lower(hex(span_id))), errors.time) AS newest,
  sumMap(map(toString(intDiv(toUnixTimestamp64Milli(errors.time), {step:Int64}) * {step:Int64}), toUInt64(1))) AS counts
FROM (
  SELECT logs.service AS service, attr_s['exception.type'] AS type, logs.time AS time, trace_id, span_id,
    if(attr_s['exception.message'] != '', attr_s['exception.message'], body) AS message,
    attr_s['exception.stacktrace'] AS stack, ${isMapped ? 'releases.version' : "''"} AS version
  FROM logs ${isMapped ? releasesJoin : ''}
  WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32})
    AND logs.time >= fromUnixTimestamp64Nano({from:Int64}) AND logs.time < fromUnixTimestamp64Nano({to:Int64})
    AND ({service:String} = '' OR logs.service = {service:String})
    AND (mapContains(attr_s, 'exception.type') OR mapContains(attr_s, 'exception.message'))
) AS errors
GROUP BY service, type, version, replaceRegexpAll(substringUTF8(message, 1, 1000), '[0-9]+', '#'),
  cityHash64(if(version != '', stack, replaceRegexpAll(substringUTF8(stack, 1, 8000), '[0-9]+', '#')))
ORDER BY count() DESC LIMIT ${mostGroups}`

const releasesJoin = `
  LEFT ANY JOIN (
    SELECT hash, attr_s['service.version'] AS version FROM resources
    WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32})
      AND service IN {services:Array(String)} AND version IN {versions:Array(String)}
    LIMIT 1 BY hash
  ) AS releases ON logs.res_hash = releases.hash`

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
  const { services, versions } = await mappedReleases(scope, question.service)
  const rows = await scope.reader.query<LogGroupRow>({
    sql: logGroupsQuery(services.length > 0),
    params: {
      space: scope.space,
      days: scope.retention.logs,
      from: nanoseconds(range.from),
      to: nanoseconds(range.to),
      service: question.service ?? '',
      step,
      ...(services.length > 0 && { services, versions }),
    },
    signal: scope.signal,
  })
  const mapped = await mapGroups(
    scope,
    rows.map(({ service, version, newest }) => ({ service, version, stack: newest[1] })),
  )
  const hash = new Hash64()
  return rows
    .map((row, index) => {
      const { service, type, newest } = row
      const [message, stack, traceId, spanId] = newest
      const found = mapped[index]
      return {
        id: groupIdOf({ service, type, message, stack: found?.grouping ?? stack, operation: '' }, hash),
        type,
        services: [service],
        spans: 0,
        logs: Number(row.count),
        first: row.first,
        last: row.last,
        stack,
        mappedStack: found?.stack ?? null,
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
