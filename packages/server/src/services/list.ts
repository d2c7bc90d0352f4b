import type { Service } from '@burstlet/contract/services'
import type { Scope } from '../search/query-options.ts'
import { dayStart, nanoseconds, type TimeRange } from '../search/time-range.ts'
import { type RedRow, redColumns, redFigures, redSeconds } from './red.ts'
import { type RedSource, redSource } from './red-source.ts'

export type ServiceRed = RedRow & { readonly service: string }

// A resource stands once a day, so the day that the range begins in counts whole.
const knownQuery = `
SELECT DISTINCT service
FROM resources
WHERE space = {space:String} AND received >= toDateTime({firstDay:UInt32})
  AND received < fromUnixTimestamp64Nano({to:Int64}) AND service != ''
LIMIT 10000`

/** Names of all that sent something in the range, in no order. */
export async function readServiceNames(scope: Scope, range: TimeRange): Promise<string[]> {
  const known = await scope.reader.query<{ service: string }>({
    sql: knownQuery,
    params: { space: scope.space, firstDay: dayStart(range.from), to: nanoseconds(range.to) },
    signal: scope.signal,
  })
  return known.map(({ service }) => service)
}

/** RED of every service with entry spans in the range. */
export async function readServiceRed(scope: Scope, range: TimeRange, source?: RedSource): Promise<ServiceRed[]> {
  const { services, params } = source ?? (await redSource(scope, range))
  return scope.reader.query<ServiceRed>({
    sql: `SELECT service, ${redColumns('red_service_1m')} FROM ${services} GROUP BY service`,
    params,
    signal: scope.signal,
  })
}

/**
 * Every service that sent something, most requests first, then by name.
 * @param source of the range, when the caller has one
 */
export async function readServices(scope: Scope, range: TimeRange, source?: RedSource): Promise<Service[]> {
  const [red, known] = await Promise.all([readServiceRed(scope, range, source), readServiceNames(scope, range)])
  const seconds = redSeconds(range)
  const services = new Map<string, Service>(known.map((name) => [name, { name, ...redFigures(undefined, seconds) }]))
  for (const row of red) services.set(row.service, { name: row.service, ...redFigures(row, seconds) })
  return [...services.values()].sort(mostRequestsFirst)
}

export function mostRequestsFirst(a: Service, b: Service): number {
  return b.requests - a.requests || (a.name < b.name ? -1 : 1)
}
