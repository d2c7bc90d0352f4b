import type { Service } from '@burstlet/contract/services'
import type { QueryContext } from '../../querying/context/query-context.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { type RedRow, redColumns, redFigures, redSeconds } from './red.ts'
import { type RedSource, redSource } from './red-source.ts'
import { readServiceNames } from './service-names.ts'

export type ServiceRed = RedRow & { readonly service: string }

/** RED of every service with entry spans in the range. */
export async function readServiceRed(
  context: QueryContext,
  range: TimeRange,
  source?: RedSource,
): Promise<ServiceRed[]> {
  const { services, params } = source ?? (await redSource(context, range))
  return context.reader.query<ServiceRed>({
    sql: `SELECT service, ${redColumns('red_service_1m')} FROM ${services} GROUP BY service`,
    params,
    signal: context.signal,
  })
}

/**
 * Every service that sent something, most requests first, then by name.
 * @param ofAll RED of every service, where it is read already
 */
export async function readServices(
  context: QueryContext,
  range: TimeRange,
  ofAll = readServiceRed(context, range),
): Promise<Service[]> {
  const [red, known] = await Promise.all([ofAll, readServiceNames(context, range)])
  const seconds = redSeconds(range)
  const services = new Map<string, Service>(known.map((name) => [name, { name, ...redFigures(undefined, seconds) }]))
  for (const row of red) services.set(row.service, { name: row.service, ...redFigures(row, seconds) })
  return [...services.values()].sort(mostRequestsFirst)
}

export function mostRequestsFirst(a: Service, b: Service): number {
  return b.requests - a.requests || (a.name < b.name ? -1 : 1)
}
