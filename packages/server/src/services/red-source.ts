import { redHoursRollup } from '../rollups/red-hours.ts'
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
/** Ranges from here on are worth a question for which hours there are. Seconds. */
const worthwhile = 6 * hour
/** How long the minutes are kept, less a day: their last one may go at any moment. Seconds. */
const minutesKept = 29 * 86_400
/** Hours that late spans have reached since they were computed are read by the minute. Of too many, all are. */
const mostGaps = 20

const measures = 'count, errors, duration_us, max_us, histogram, codes'
const ofServices = `space, kind, service, minute, ${measures}`
const ofEndpoints = `space, kind, service, minute, name, http_method, http_route, ${measures}`

const hoursQuery = `
SELECT toString(toUnixTimestamp64Second(at)) AS hour, max(seen) = max(arrived) OR at < toDateTime64({minutes_from:Int64}, 0, 'UTC') AS current
FROM (
  SELECT window_start AS at, argMax(rollup_windows.seen, run) + 1 AS seen, 1 AS arrived FROM rollup_windows
  WHERE space = {space:String} AND rollup = '${redHoursRollup.name}'
    AND window_start >= toDateTime64({first:Int64}, 0, 'UTC') AND window_start < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY window_start
  UNION ALL
  SELECT toDateTime64(intDiv(toUnixTimestamp64Second(minute), ${hour}) * ${hour}, 0, 'UTC') AS at, 0, sum(spans) + 1
  FROM span_arrivals
  WHERE space = {space:String} AND minute >= toDateTime64({first:Int64}, 0, 'UTC') AND minute < toDateTime64({end:Int64}, 0, 'UTC')
  GROUP BY at
)
GROUP BY at
ORDER BY at`

/**
 * Where to read RED of a range from: hours where there are any and they are up to date, and minutes for all other time. What
 * comes out is the same; only hours before the minutes begin are counted whole.
 * @param step seconds between the points of a series that is to be made of it; hours make no finer ones
 */
export async function redSource(scope: Scope, range: TimeRange, step?: number): Promise<RedSource> {
  const from = Math.floor(range.from / 60_000) * 60
  const params = { space: scope.space, fromMinute: nanoseconds(from * 1000), to: nanoseconds(range.to) }
  const fine = step !== undefined && step % hour !== 0
  if (fine || range.to / 1000 - from < worthwhile) return byMinute(params)
  const minutesFrom = Math.floor(Date.now() / 1000 / hour) * hour - minutesKept
  const first = from < minutesFrom ? Math.floor(from / hour) * hour : Math.ceil(from / hour) * hour
  const rows = await scope.reader.query<{ hour: string; current: number }>({
    sql: hoursQuery,
    params: { space: scope.space, first, end: Math.floor(range.to / 1000 / hour) * hour, minutes_from: minutesFrom },
    signal: scope.signal,
  })
  const start = rows.findIndex(({ current }) => current === 1)
  const end = rows.findLastIndex(({ current }) => current === 1)
  if (start === -1) return byMinute(params)
  // What is not there at all between two hours is time in which nothing arrived.
  const gaps = rows.slice(start, end).filter(({ current }) => current === 0)
  if (gaps.length > mostGaps) return byMinute(params)
  return byHour(
    params,
    Number(rows[start]!.hour),
    Number(rows[end]!.hour) + hour,
    gaps.map((gap) => Number(gap.hour)),
  )
}

function byMinute(params: Record<string, unknown>): RedSource {
  const from = (table: string, columns: string) =>
    `(SELECT ${columns} FROM ${table} WHERE ${minutesWithin}) AS ${table}`
  return { services: from('red_service_1m', ofServices), endpoints: from('red_1m', ofEndpoints), params }
}

const kinds = 'kind IN (2, 5)'

const minutesWithin = `space = {space:String} AND ${kinds} AND day >= toDate(now() - toIntervalDay(30))
    AND minute >= fromUnixTimestamp64Nano({fromMinute:Int64}) AND minute < fromUnixTimestamp64Nano({to:Int64})`

/** @param gaps hours between `from` and `to` that are read by the minute */
function byHour(params: Record<string, unknown>, from: number, to: number, gaps: readonly number[]): RedSource {
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
