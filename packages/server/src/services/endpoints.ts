import type { Endpoint } from '@burstlet/contract/services'
import type { Scope } from '../search/query-options.ts'
import { rangeSeconds, type TimeRange } from '../search/time-range.ts'
import { averageMs, entrySpansWithin, maxMs, type RedRow, redColumns, redFigures, redParams } from './red.ts'

type EndpointRow = RedRow & {
  readonly service: string
  readonly operation: string
  readonly method: string
  readonly route: string
  readonly kind: number
}

/** What services are asked for, most requests first. @param service only this one's */
export async function readEndpoints(
  scope: Scope,
  range: TimeRange,
  limit: number,
  service?: string,
): Promise<Endpoint[]> {
  const rows = await scope.reader.query<EndpointRow>({
    sql: `
SELECT service, name AS operation, http_method AS method, http_route AS route, kind, ${redColumns('red_1m')}
FROM red_1m
WHERE ${entrySpansWithin}${service === undefined ? '' : ' AND service = {service:String}'}
GROUP BY service, name, http_method, http_route, kind
ORDER BY requests DESC, service, name
LIMIT {limit:UInt32}`,
    params: { ...redParams(scope, range), limit, ...(service !== undefined && { service }) },
    signal: scope.signal,
  })
  const seconds = rangeSeconds(range)
  return rows.map((row) => ({
    service: row.service,
    operation: row.operation,
    method: row.method,
    route: row.route,
    kind: row.kind === 5 ? 'consumer' : 'server',
    ...redFigures(row, seconds),
    average: averageMs(row),
    max: maxMs(row),
  }))
}
