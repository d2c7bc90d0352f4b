import type { QueryContext } from '../../querying/context/query-context.ts'
import { type CurrentWindows, currentWindows } from './current-windows.ts'
import { arrivedSpans, minuteOfSpan, type Rollup, spansWithinSources } from './rollup.ts'

const within = `space = {space:String}
  AND minute >= toDateTime64({from:Int64}, 0, 'UTC') AND minute < toDateTime64({to:Int64}, 0, 'UTC')`

const windowOf = (seconds: number) =>
  `toDateTime64(intDiv(toUnixTimestamp64Second(minute), ${seconds}) * ${seconds}, 0, 'UTC') AS window_start`

const measures = (
  table: string,
) => `sum(${table}.count), sum(${table}.errors), sum(${table}.duration_us), max(${table}.max_us),
  sumMap(${table}.histogram), sumMap(${table}.codes)`

const columns = 'count, errors, duration_us, max_us, histogram, codes'

/** A minute whose requests the rollups by minute do not have in full yet has no visible spans. */
const visible = `
SELECT minute, if(greatest(abs(sum(raw) - sum(endpoints)), abs(sum(raw) - sum(services))) <= 1e-6 * sum(raw), sum(found), 0) AS spans
FROM (
  SELECT ${minuteOfSpan} AS minute, count() AS found, sumIf(toFloat64(adjusted_count), kind IN (2, 3, 5)) AS raw,
    0. AS endpoints, 0. AS services
  FROM spans WHERE ${spansWithinSources} GROUP BY minute
  UNION ALL
  SELECT toUnixTimestamp64Second(red_1m.minute), 0, 0., sum(red_1m.count), 0.
  FROM red_1m WHERE ${within} GROUP BY red_1m.minute
  UNION ALL
  SELECT toUnixTimestamp64Second(red_service_1m.minute), 0, 0., 0., sum(red_service_1m.count)
  FROM red_service_1m WHERE ${within} GROUP BY red_service_1m.minute
)
GROUP BY minute`

const insertServices = (table: string, seconds: number) => `
INSERT INTO ${table} (space, run, kind, service, window_start, ${columns})
SELECT space, {run:UInt64}, kind, service, ${windowOf(seconds)}, ${measures('red_service_1m')}
FROM red_service_1m WHERE ${within} GROUP BY space, kind, service, window_start`

/** RED by hour, from RED by minute. */
export const redHoursRollup: Rollup = {
  name: 'red_1h',
  windowSeconds: 3600,
  settleSeconds: 120,
  lookbackSeconds: 0,
  lookaheadSeconds: 0,
  arrivals: arrivedSpans,
  sourceDays: () => 30,
  tables: ['red_1h', 'red_service_1h'],
  inserts: [
    `INSERT INTO red_1h (space, run, kind, service, window_start, name, http_method, http_route, ${columns})
SELECT space, {run:UInt64}, kind, service, ${windowOf(3600)}, name, http_method, http_route, ${measures('red_1m')}
FROM red_1m WHERE ${within} GROUP BY space, kind, service, window_start, name, http_method, http_route`,
    insertServices('red_service_1h', 3600),
  ],
  visible,
}

/** RED of services by ten minutes: a day of them by minutes is more than charts of a day need. */
export const redTensRollup: Rollup = {
  ...redHoursRollup,
  name: 'red_10m',
  windowSeconds: 600,
  settleSeconds: 60,
  tables: ['red_service_10m'],
  inserts: [insertServices('red_service_10m', 600)],
}

/** How long the minutes are kept, less a day: their last one may go at any moment. Seconds. */
const minutesKept = 29 * 86_400

/** Hours of RED that answer a range. @param range seconds since 1970 */
export function currentRedHours(
  context: QueryContext,
  range: { readonly from: number; readonly to: number },
): Promise<CurrentWindows | undefined> {
  return currentWindows(context, redHoursRollup, range, Math.floor(Date.now() / 3_600_000) * 3600 - minutesKept)
}
