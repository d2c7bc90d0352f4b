import { levels } from '@burstlet/contract/common'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { remembered } from '../../querying/context/remembered.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import type { LogSearch } from './match.ts'

const minute = 60_000
/** Shorter ranges are counted from the records themselves. */
const worthwhile = 60 * minute

/** Records of one level in one bucket (its start, epoch ms). */
export interface CountRow {
  readonly bucket: string
  readonly level: number
  readonly count: string
}

/**
 * The whole minutes of a range that the counts by minute answer for a search.
 * @returns undefined when the records themselves have to be asked
 */
export async function minutesWithin(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  intervalSeconds: number,
): Promise<TimeRange | undefined> {
  const { search: text, traceId, spanId, filter } = search
  if (text !== undefined || traceId !== undefined || spanId !== undefined || filter !== undefined) return undefined
  return intervalSeconds % 60 === 0 ? countedMinutes(context, range) : undefined
}

/** The whole minutes of a range that are counted; undefined when it is not worth it, or none are. */
export async function countedMinutes(context: QueryContext, range: TimeRange): Promise<TimeRange | undefined> {
  if (range.to - range.from < worthwhile) return undefined
  // Beyond that the records go by the second, and their counts by the day.
  const kept = Date.now() - context.retention.logs * 86_400_000
  const from = Math.ceil(Math.max(range.from, kept, await countedSince(context)) / minute) * minute
  const to = Math.floor(range.to / minute) * minute
  return from < to ? { from, to } : undefined
}

/** Start of the first minute that is counted whole, epoch ms; older records came before there were counts. */
function countedSince(context: QueryContext): Promise<number> {
  return remembered(context, ['log counts since'], async () => {
    const [row] = await context.reader.query<{ since: string }>({
      sql: `SELECT toString(toUnixTimestamp(max(since)) * 1000) AS since FROM counted_since WHERE rollup = 'log_levels_1m'`,
      params: {},
      signal: context.signal,
    })
    return Number(row?.since ?? 0)
  })
}

/** @param range whole minutes */
export function countMinutes(
  context: QueryContext,
  { service, level, minLevel }: LogSearch,
  range: TimeRange,
  intervalSeconds: number,
): Promise<CountRow[]> {
  const parameters = new Parameters()
  const value = (type: string, of: unknown) => parameters.value(type, of)
  const step = value('Int64', intervalSeconds)
  const places = (names: readonly (typeof levels)[number][]) => names.map((name) => levels.indexOf(name))
  const matches = all([
    `minute >= toDateTime64(${value('Int64', range.from / 1000)}, 0, 'UTC')`,
    `minute < toDateTime64(${value('Int64', range.to / 1000)}, 0, 'UTC')`,
    service === undefined ? undefined : `service = ${value('String', service)}`,
    level && level.length > 0 ? `level IN ${value('Array(UInt8)', places(level))}` : undefined,
    minLevel === undefined ? undefined : `level >= ${value('UInt8', levels.indexOf(minLevel))}`,
  ])
  return context.reader.query<CountRow>({
    sql: `
SELECT toString(intDiv(toUnixTimestamp64Second(minute), ${step}) * ${step} * 1000) AS bucket, level,
  toString(sum(log_levels_1m.records)) AS count
FROM log_levels_1m WHERE ${matches}
GROUP BY bucket, level`,
    params: parameters.params,
    signal: context.signal,
  })
}
