import type { ServiceResponse } from '@burstlet/contract/services'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { chooseInterval, type TimeRange } from '../../querying/time/time-range.ts'
import { readErrorGroups } from '../errors/groups.ts'
import { minuteBucket, type RedRow, redColumns, redSeries } from '../red/red.ts'
import { redSource } from '../red/red-source.ts'
import { readServiceRed, readServices } from '../red/services.ts'
import { readServiceMap } from '../service-map/map.ts'
import { readDatabaseCalls } from './database-calls.ts'
import { dependenciesOf } from './dependencies.ts'
import { readEndpoints } from './endpoints.ts'

/** @returns undefined when nothing of the service arrived in the range */
export async function readService(
  context: QueryContext,
  name: string,
  range: TimeRange,
  interval?: number,
): Promise<ServiceResponse | undefined> {
  const intervalSeconds = chooseInterval(range, 200, 60, interval)
  const [source, fine] = await Promise.all([redSource(context, range), redSource(context, range, intervalSeconds)])
  const red = readServiceRed(context, range, source)
  const [services, rows, endpoints, map, databaseCalls, errors] = await Promise.all([
    readServices(context, range, red),
    context.reader.query<RedRow & { bucket: string }>({
      sql: `SELECT toString(${minuteBucket}) AS bucket, ${redColumns('red_service_1m')}
FROM ${fine.services} WHERE service = {service:String} GROUP BY bucket`,
      params: { ...fine.params, service: name, step: intervalSeconds },
      signal: context.signal,
    }),
    readEndpoints(context, range, 100, { service: name, source }),
    readServiceMap(context, range, name, red),
    readDatabaseCalls(context, range, name),
    readErrorGroups(context, range, { service: name, sort: 'count' }),
  ])
  const service = services.find((each) => each.name === name)
  if (!service) return undefined
  return {
    ...service,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    intervalSeconds,
    series: redSeries(rows, range, intervalSeconds),
    endpoints,
    dependencies: dependenciesOf(map, name),
    databaseCalls,
    errorGroups: errors.slice(0, 10),
    complete: map.complete,
    completeAt: map.completeAt,
  }
}
