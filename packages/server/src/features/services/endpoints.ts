import type { Endpoint } from '@burstlet/contract/services'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { averageMs, maxMs, type RedRow, redColumns, redFigures, redSeconds } from '../red/red.ts'
import { type RedSource, redSource } from '../red/red-source.ts'

type EndpointRow = RedRow & {
  readonly service: string
  readonly operation: string
  readonly method: string
  readonly route: string
  readonly kind: number
}

/**
 * What services are asked for, most requests first.
 * @param options.service only this one's
 * @param options.source of the range, when the caller has one
 */
export async function readEndpoints(
  context: QueryContext,
  range: TimeRange,
  limit: number,
  { service, source }: { service?: string; source?: RedSource } = {},
): Promise<Endpoint[]> {
  const { endpoints, params } = source ?? (await redSource(context, range))
  const rows = await context.reader.query<EndpointRow>({
    sql: `
SELECT service, name AS operation, http_method AS method, http_route AS route, kind, ${redColumns('red_1m')}
FROM ${endpoints}
${service === undefined ? '' : 'WHERE service = {service:String}'}
GROUP BY service, name, http_method, http_route, kind
ORDER BY requests DESC, service, name
LIMIT {limit:UInt32}`,
    params: { ...params, limit, ...(service !== undefined && { service }) },
    signal: context.signal,
  })
  const seconds = redSeconds(range)
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
