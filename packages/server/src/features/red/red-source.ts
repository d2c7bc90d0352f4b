import { type CurrentWindows, currentWindows } from '../../background/rollups/current-windows.ts'
import { currentRedHours, redHoursRollup, redTensRollup } from '../../background/rollups/red-hours.ts'
import type { Rollup } from '../../background/rollups/rollup.ts'
import { besidesWindows, storedWindows } from '../../background/rollups/stored.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'

/** Entry spans (server 2, consumer 5) of a range as tables of a FROM, with the columns of the rollups by minute. */
export interface RedSource {
  /** By service; named `red_service_1m`. */
  readonly services: string
  /** By endpoint; named `red_1m`. */
  readonly endpoints: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Windows of one rollup that are up to date. */
interface Stored {
  readonly rollup: Rollup
  readonly table: string
  readonly windows: CurrentWindows
}

/** Longer ranges are read by hour where ten minutes would do. Seconds. */
const maxTens = 7 * 86_400

const kinds = 'kind IN (2, 5)'
const measures = 'count, errors, duration_us, max_us, histogram, codes'
const ofServices = `space, kind, service, minute, ${measures}`
const ofEndpoints = `space, kind, service, minute, name, http_method, http_route, ${measures}`

/**
 * Where to read RED of a range from: hours or tens of minutes where there are any and they are up to date, and minutes for
 * all other time. What comes out is the same; only hours before the minutes begin are counted whole.
 * @param step seconds between the points of a series that is to be made of it; longer windows make no finer ones
 */
export async function redSource(context: QueryContext, range: TimeRange, step?: number): Promise<RedSource> {
  const seconds = { from: Math.floor(range.from / 60_000) * 60, to: range.to / 1000 }
  const fits = ({ windowSeconds }: Rollup) => step === undefined || step % windowSeconds === 0
  const byTens = fits(redTensRollup) && seconds.to - seconds.from <= maxTens
  const [tens, hours] = await Promise.all([
    byTens ? currentWindows(context, redTensRollup, seconds) : undefined,
    fits(redHoursRollup) ? currentRedHours(context, seconds) : undefined,
  ])
  const parameters = new Parameters()
  const minutes = minutesWithin(range, parameters)
  const table = (minute: string, columns: string, stored: Stored | undefined) =>
    stored
      ? withStored(minute, columns, minutes, stored, context.space, parameters)
      : `(SELECT ${columns} FROM ${minute} WHERE ${minutes}) AS ${minute}`
  const hoursOf = (named: string) => hours && { rollup: redHoursRollup, table: named, windows: hours }
  const tensOf = tens && { rollup: redTensRollup, table: 'red_service_10m', windows: tens }
  return {
    services: table('red_service_1m', ofServices, hoursOf('red_service_1h') ?? tensOf),
    endpoints: table('red_1m', ofEndpoints, hoursOf('red_1h')),
    params: parameters.params,
  }
}

function minutesWithin(range: TimeRange, parameters: Parameters): string {
  const at = (milliseconds: number) =>
    `fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(milliseconds))})`
  return `${kinds} AND day >= toDate(now() - toIntervalDay(30))
    AND minute >= ${at(Math.floor(range.from / 60_000) * 60_000)} AND minute < ${at(range.to)}`
}

function withStored(
  minute: string,
  columns: string,
  minutes: string,
  { rollup, table, windows }: Stored,
  space: string,
  parameters: Parameters,
): string {
  return `(
  SELECT ${columns} FROM ${minute} WHERE ${minutes} AND (${besidesWindows('minute', rollup, windows, parameters)})
  UNION ALL
  SELECT ${columns.replace('minute', 'window_start')} FROM ${table}
  WHERE ${storedWindows(rollup, table, windows, space, parameters)} AND ${kinds}
) AS ${minute}`
}
