import type { ApplicationAnswer, ApplicationItem } from '@burstlet/contract/metrics'
import type { Scope } from '../search/query-options.ts'
import { chooseInterval, nanoseconds, type TimeRange } from '../search/time-range.ts'
import {
  averageMs,
  entrySpansWithin,
  minuteBucket,
  percentile,
  type RedRow,
  redColumns,
  redParams,
} from '../services/red.ts'

type Bucketed = { readonly bucket: string }
type EndpointRow = Bucketed & { readonly method: string; readonly endpoint: string; readonly requests: number }
type CodeRow = Bucketed & { readonly codes: Record<string, number> }
type ErrorRow = Bucketed & { readonly type: string; readonly errors: number }
type UserRow = Bucketed & { readonly users: string; readonly sessions: string }

/** Endpoints named in one item; what is beyond stands as `other`. */
const mostEndpoints = 100

const oneService = ` AND ({service:String} = '' OR service = {service:String})`

const totalsQuery = `
SELECT toString(${minuteBucket}) AS bucket, ${redColumns('red_service_1m')}
FROM red_service_1m WHERE ${entrySpansWithin}${oneService} GROUP BY bucket`

const codesQuery = `
SELECT toString(${minuteBucket}) AS bucket, sumMap(red_service_1m.codes) AS codes
FROM red_service_1m WHERE ${entrySpansWithin}${oneService} GROUP BY bucket`

const endpointsQuery = `
SELECT toString(${minuteBucket}) AS bucket, http_method AS method,
  if(http_route = '', name, http_route) AS endpoint, sum(red_1m.count) AS requests
FROM red_1m WHERE ${entrySpansWithin}${oneService}
GROUP BY bucket, method, endpoint`

const entrySpans = `
FROM spans
WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32}) AND kind IN (2, 5)
  AND start >= fromUnixTimestamp64Nano({fromMinute:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})${oneService}`

const spanBucket = 'intDiv(toUnixTimestamp64Milli(start), {step:Int64} * 1000) * {step:Int64} * 1000'

const errorTypesQuery = `
SELECT toString(${spanBucket}) AS bucket,
  multiIf(attr_s['error.type'] != '', attr_s['error.type'], attr_s['exception.type'] != '', attr_s['exception.type'],
    http_status >= 400, toString(http_status), 'unknown') AS type,
  sum(toFloat64(adjusted_count)) AS errors
${entrySpans} AND status = 2
GROUP BY bucket, type`

const usersQuery = `
SELECT toString(${spanBucket}) AS bucket, uniqExact(user_id) AS users, uniqExact(session_id) AS sessions
${entrySpans} AND (user_id IS NOT NULL OR session_id IS NOT NULL)
GROUP BY bucket`

/** Entry spans by interval, newest first; intervals without requests are left out. */
export async function readApplication(
  scope: Scope,
  range: TimeRange,
  question: { service?: string | undefined; interval?: number | undefined; limit: number },
): Promise<ApplicationAnswer> {
  const step = chooseInterval(range, 200, 60, question.interval && Math.ceil(question.interval / 60) * 60)
  const params = {
    ...redParams(scope, range),
    fromMinute: nanoseconds(Math.floor(range.from / 60_000) * 60_000),
    days: scope.retention.traces,
    service: question.service ?? '',
    step,
  }
  const read = <Row>(sql: string) => scope.reader.query<Row>({ sql, params, signal: scope.signal })
  const [totals, codes, endpoints, errors, users] = await Promise.all([
    read<RedRow & Bucketed>(totalsQuery),
    read<CodeRow>(codesQuery),
    read<EndpointRow>(endpointsQuery),
    read<ErrorRow>(errorTypesQuery),
    read<UserRow>(usersQuery),
  ])
  const parts = {
    codes: Map.groupBy(codes, (row) => row.bucket),
    endpoints: Map.groupBy(endpoints, (row) => row.bucket),
    errors: Map.groupBy(errors, (row) => row.bucket),
    users: Map.groupBy(users, (row) => row.bucket),
  }
  const items = totals
    .sort((a, b) => Number(b.bucket) - Number(a.bucket))
    .slice(0, question.limit)
    .map((row) => itemOf(row, parts, step))
  return { items, nextCursor: null, intervalSeconds: step }
}

interface Parts {
  readonly codes: Map<string, CodeRow[]>
  readonly endpoints: Map<string, EndpointRow[]>
  readonly errors: Map<string, ErrorRow[]>
  readonly users: Map<string, UserRow[]>
}

function itemOf(row: RedRow & Bucketed, parts: Parts, step: number): ApplicationItem {
  const endpoints = (parts.endpoints.get(row.bucket) ?? []).sort((a, b) => b.requests - a.requests)
  const users = parts.users.get(row.bucket)?.[0]
  const codes = parts.codes.get(row.bucket)?.[0]?.codes ?? {}
  return {
    timestamp: new Date(Number(row.bucket)).toISOString(),
    requests: {
      total: row.requests,
      rate: row.requests / step,
      byEndpoint: counts(
        endpoints.map((each, index) => [
          index < mostEndpoints ? `${each.method} ${each.endpoint}`.trim() : 'other',
          each.requests,
        ]),
      ),
      byMethod: counts(endpoints.filter(({ method }) => method !== '').map((each) => [each.method, each.requests])),
      byStatus: counts(Object.entries(codes).filter(([code]) => code !== '0')),
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
    activeUsers: Number(users?.users ?? 0),
    activeSessions: Number(users?.sessions ?? 0),
  }
}

/** Counts of one name added up. */
function counts(entries: readonly (readonly [string, number])[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const [name, count] of entries) sums.set(name, (sums.get(name) ?? 0) + count)
  return Object.fromEntries(sums)
}
