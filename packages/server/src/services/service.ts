import type { ServiceAnswer } from '@burstlet/contract/services'
import type { Scope } from '../search/query-options.ts'
import { bucketsOf, chooseInterval, type TimeRange } from '../search/time-range.ts'
import { readEndpoints } from './endpoints.ts'
import { readServices } from './list.ts'
import { entrySpansWithin, minuteBucket, type RedRow, redColumns, redParams, redSeries } from './red.ts'

const seriesQuery = `
SELECT toString(${minuteBucket}) AS bucket, ${redColumns('red_service_1m')}
FROM red_service_1m
WHERE ${entrySpansWithin} AND service = {service:String}
GROUP BY bucket`

/** @returns undefined when nothing of the service arrived in the range */
export async function readService(
  scope: Scope,
  name: string,
  range: TimeRange,
  interval?: number,
): Promise<ServiceAnswer | undefined> {
  const intervalSeconds = chooseInterval(range, 200, 60, interval)
  const [services, rows, endpoints] = await Promise.all([
    readServices(scope, range),
    scope.reader.query<RedRow & { bucket: string }>({
      sql: seriesQuery,
      params: { ...redParams(scope, range), service: name, step: intervalSeconds },
      signal: scope.signal,
    }),
    readEndpoints(scope, range, 100, name),
  ])
  const service = services.find((each) => each.name === name)
  if (!service) return undefined
  return {
    ...service,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    intervalSeconds,
    series: redSeries(rows, bucketsOf(range, intervalSeconds), intervalSeconds),
    endpoints,
  }
}
