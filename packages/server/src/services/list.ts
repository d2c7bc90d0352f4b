import type { Service } from '@burstlet/contract/services'
import type { Scope } from '../search/query-options.ts'
import { dayStart, rangeSeconds, type TimeRange } from '../search/time-range.ts'
import { entrySpansWithin, type RedRow, redColumns, redFigures, redParams } from './red.ts'

export type ServiceRed = RedRow & { readonly service: string }

const redQuery = `
SELECT service, ${redColumns('red_service_1m')}
FROM red_service_1m
WHERE ${entrySpansWithin}
GROUP BY service`

// A resource stands once a day, so the day that the range begins in counts whole.
const knownQuery = `
SELECT DISTINCT service
FROM resources
WHERE space = {space:String} AND received >= toDateTime({firstDay:UInt32})
  AND received < fromUnixTimestamp64Nano({to:Int64}) AND service != ''
LIMIT 10000`

/** RED of every service with entry spans in the range. */
export function readServiceRed(scope: Scope, range: TimeRange): Promise<ServiceRed[]> {
  return scope.reader.query<ServiceRed>({ sql: redQuery, params: redParams(scope, range), signal: scope.signal })
}

/** Every service that sent something, most requests first, then by name. */
export async function readServices(scope: Scope, range: TimeRange): Promise<Service[]> {
  const [red, known] = await Promise.all([
    readServiceRed(scope, range),
    scope.reader.query<{ service: string }>({
      sql: knownQuery,
      params: { ...redParams(scope, range), firstDay: dayStart(range.from) },
      signal: scope.signal,
    }),
  ])
  const seconds = rangeSeconds(range)
  const services = new Map<string, Service>(
    known.map(({ service }) => [service, { name: service, ...redFigures(undefined, seconds) }]),
  )
  for (const row of red) services.set(row.service, { name: row.service, ...redFigures(row, seconds) })
  return [...services.values()].sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
}
