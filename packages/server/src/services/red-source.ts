import type { CurrentHours } from '../rollups/current-hours.ts'
import { currentRedHours, redHoursRollup } from '../rollups/red-hours.ts'
import { storedWithin } from '../rollups/stored.ts'
import type { Scope } from '../search/query-options.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'

/** Entry spans (server 2, consumer 5) of a range as tables of a FROM, with the columns of the rollups by minute. */
export interface RedSource {
  /** By service; named `red_service_1m`. */
  readonly services: string
  /** By endpoint; named `red_1m`. */
  readonly endpoints: string
  readonly params: Readonly<Record<string, unknown>>
}

const hour = 3600

const measures = 'count, errors, duration_us, max_us, histogram, codes'
const ofServices = `space, kind, service, minute, ${measures}`
const ofEndpoints = `space, kind, service, minute, name, http_method, http_route, ${measures}`

/**
 * Where to read RED of a range from: hours where there are any and they are up to date, and minutes for all other time. What
 * comes out is the same; only hours before the minutes begin are counted whole.
 * @param step seconds between the points of a series that is to be made of it; hours make no finer ones
 */
export async function redSource(scope: Scope, range: TimeRange, step?: number): Promise<RedSource> {
  const from = Math.floor(range.from / 60_000) * 60
  const params = { space: scope.space, fromMinute: nanoseconds(from * 1000), to: nanoseconds(range.to) }
  const fine = step !== undefined && step % hour !== 0
  const hours = fine ? undefined : await currentRedHours(scope, { from, to: range.to / 1000 })
  return hours ? byHour(params, hours) : byMinute(params)
}

function byMinute(params: Record<string, unknown>): RedSource {
  const from = (table: string, columns: string) =>
    `(SELECT ${columns} FROM ${table} WHERE ${minutesWithin}) AS ${table}`
  return { services: from('red_service_1m', ofServices), endpoints: from('red_1m', ofEndpoints), params }
}

const kinds = 'kind IN (2, 5)'

const minutesWithin = `space = {space:String} AND ${kinds} AND day >= toDate(now() - toIntervalDay(30))
    AND minute >= fromUnixTimestamp64Nano({fromMinute:Int64}) AND minute < fromUnixTimestamp64Nano({to:Int64})`

function byHour(params: Record<string, unknown>, { from, to, gaps }: CurrentHours): RedSource {
  const before = `minute < toDateTime64({stored_from:Int64}, 0, 'UTC')`
  const after = `minute >= toDateTime64({stored_to:Int64}, 0, 'UTC')`
  const within = gaps.map(
    (_, index) =>
      `minute >= toDateTime64({gap${index}:Int64}, 0, 'UTC') AND minute < toDateTime64({gap${index}:Int64} + ${hour}, 0, 'UTC')`,
  )
  const minutes = [before, after, ...within].join(' OR ')
  const notGap =
    gaps.length === 0
      ? ''
      : ` AND toUnixTimestamp64Second(window_start) NOT IN (${gaps.map((_, index) => `{gap${index}:Int64}`).join(', ')})`
  const table = (minute: string, hourly: string, columns: string) => `(
  SELECT ${columns} FROM ${minute} WHERE ${minutesWithin} AND (${minutes})
  UNION ALL
  SELECT ${columns.replace('minute', 'window_start')} FROM ${hourly}
  WHERE ${storedWithin(redHoursRollup, hourly)} AND ${kinds}${notGap}
) AS ${minute}`
  return {
    services: table('red_service_1m', 'red_service_1h', ofServices),
    endpoints: table('red_1m', 'red_1h', ofEndpoints),
    params: {
      ...params,
      stored_from: from,
      stored_to: to,
      ...Object.fromEntries(gaps.map((gap, index) => [`gap${index}`, gap])),
    },
  }
}
