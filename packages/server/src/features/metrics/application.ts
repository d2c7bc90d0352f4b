import type { ApplicationItem, ApplicationResponse } from '@burstlet/contract/metrics'
import type { QueryContext } from '../../querying/context/query-context.ts'
import {
  chooseInterval,
  coveredSeconds,
  nanoseconds,
  type TimeRange,
  wholeMinutes,
} from '../../querying/time/time-range.ts'
import { percentile } from '../red/percentile.ts'
import { averageMs, minuteBucket, type RedRow, redColumns } from '../red/red.ts'
import { redSource } from '../red/red-source.ts'
import { type Activity, readActivity } from './activity.ts'

interface Bucketed {
  readonly bucket: string
}
type EndpointRow = Bucketed & { readonly method: string; readonly endpoint: string; readonly requests: number }
type CodeRow = Bucketed & { readonly codes: readonly (readonly [code: number, count: number])[] }
type ErrorRow = Bucketed & { readonly type: string; readonly errors: number }

/** Endpoints named in one item; what is beyond stands as `other`. */
const maxEndpoints = 100

const oneService = `({service:String} = '' OR service = {service:String})`

const entrySpans = `
FROM spans
WHERE received >= now() - toIntervalDay({days:UInt32}) AND kind IN (2, 5)
  AND start >= fromUnixTimestamp64Nano({fromMinute:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64}) AND ${oneService}`

const spanBucket = 'intDiv(toUnixTimestamp64Milli(start), {step:Int64} * 1000) * {step:Int64} * 1000'

const errorTypesQuery = `
SELECT toString(${spanBucket}) AS bucket,
  multiIf(attr_s['error.type'] != '', attr_s['error.type'], attr_s['exception.type'] != '', attr_s['exception.type'],
    http_status >= 400, toString(http_status), 'unknown') AS type,
  sum(toFloat64(adjusted_count)) AS errors
${entrySpans} AND status = 2
GROUP BY bucket, type`

/** Entry spans by interval, newest first; intervals without requests are left out. */
export async function readApplication(
  context: QueryContext,
  range: TimeRange,
  question: { service?: string | undefined; interval?: number | undefined; limit: number },
): Promise<ApplicationResponse> {
  const step = chooseInterval(range, 200, 60, question.interval && Math.ceil(question.interval / 60) * 60)
  const red = await redSource(context, range, step)
  const counted = wholeMinutes(range)
  const params = {
    ...red.params,
    // What stands in no rollup is counted over the same time.
    fromMinute: nanoseconds(counted.from),
    to: nanoseconds(counted.to),
    days: context.retention.traces,
    service: question.service ?? '',
    step,
  }
  const read = <Row>(sql: string) => context.reader.query<Row>({ sql, params, signal: context.signal })
  const bucket = `toString(${minuteBucket}) AS bucket`
  const [totals, codes, endpoints, errors, activity] = await Promise.all([
    read<RedRow & Bucketed>(
      `SELECT ${bucket}, ${redColumns('red_service_1m')} FROM ${red.services} WHERE ${oneService} GROUP BY bucket`,
    ),
    read<CodeRow>(
      `SELECT ${bucket}, sumMap(red_service_1m.codes) AS codes FROM ${red.services} WHERE ${oneService} GROUP BY bucket`,
    ),
    read<EndpointRow>(`SELECT ${bucket}, http_method AS method, if(http_route = '', name, http_route) AS endpoint,
  sum(red_1m.count) AS requests FROM ${red.endpoints} WHERE ${oneService} GROUP BY bucket, method, endpoint`),
    read<ErrorRow>(errorTypesQuery),
    readActivity(context, range, step, question.service),
  ])
  const parts = {
    codes: Map.groupBy(codes, (row) => row.bucket),
    endpoints: Map.groupBy(endpoints, (row) => row.bucket),
    errors: Map.groupBy(errors, (row) => row.bucket),
    activity: activity.byBucket,
  }
  const items = totals
    .sort((a, b) => Number(b.bucket) - Number(a.bucket))
    .slice(0, question.limit)
    .map((row) => itemOf(row, parts, coveredSeconds(Number(row.bucket), step, counted)))
  const { complete, completeAt } = activity
  return { items, nextCursor: null, intervalSeconds: step, complete, completeAt }
}

interface Parts {
  readonly codes: Map<string, CodeRow[]>
  readonly endpoints: Map<string, EndpointRow[]>
  readonly errors: Map<string, ErrorRow[]>
  readonly activity: ReadonlyMap<string, Activity>
}

/** @param seconds that the row covers */
function itemOf(row: RedRow & Bucketed, parts: Parts, seconds: number): ApplicationItem {
  const endpoints = (parts.endpoints.get(row.bucket) ?? []).sort((a, b) => b.requests - a.requests)
  const active = parts.activity.get(row.bucket)
  const codes = parts.codes.get(row.bucket)?.[0]?.codes ?? []
  return {
    timestamp: new Date(Number(row.bucket)).toISOString(),
    requests: {
      total: row.requests,
      rate: row.requests / seconds,
      byEndpoint: counts(
        endpoints.map((each, index) => [
          index < maxEndpoints ? `${each.method} ${each.endpoint}`.trim() : 'other',
          each.requests,
        ]),
      ),
      byMethod: counts(endpoints.filter(({ method }) => method !== '').map((each) => [each.method, each.requests])),
      byStatus: counts(codes.filter(([code]) => code !== 0).map(([code, count]) => [String(code), count])),
    },
    response: {
      average: averageMs(row),
      median: percentile(row, 50),
      p95: percentile(row, 95),
      p99: percentile(row, 99),
    },
    errors: {
      total: row.failed,
      rate: row.requests > 0 ? row.failed / row.requests : 0,
      byType: counts((parts.errors.get(row.bucket) ?? []).map((each) => [each.type, each.errors])),
    },
    activeUsers: active?.users ?? 0,
    activeSessions: active?.sessions ?? 0,
  }
}

/** Counts of one name added up. */
function counts(entries: readonly (readonly [string, number])[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const [name, count] of entries) sums.set(name, (sums.get(name) ?? 0) + count)
  return Object.fromEntries(sums)
}
