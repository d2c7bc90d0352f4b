import { type Level, levels } from '@burstlet/contract/common'
import type { LogsHistogramResponse } from '@burstlet/contract/logs'
import { BucketCache } from '../../querying/cache/bucket-cache.ts'
import { cacheKey } from '../../querying/cache/response-cache.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { bucketsOf, chooseInterval, type TimeRange } from '../../querying/time/time-range.ts'
import { type LogSearch, matchLogs } from './match.ts'
import { type CountRow, countMinutes, minutesWithin } from './minutes.ts'
import { wordsThenParts } from './whole-words.ts'

/** Records per level and bucket; every level that occurs has a point for every bucket. */
export async function countLogs(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  interval?: number,
): Promise<LogsHistogramResponse> {
  const intervalSeconds = chooseInterval(range, 60, 1, interval)
  const rows = await wordsThenParts(
    search,
    (each) => knownCounts(context, each, range, intervalSeconds),
    (found) => found.length === 0,
  )
  return {
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    intervalSeconds,
    ...logCounts(rows, bucketsOf(range, intervalSeconds)),
  }
}

/** Buckets that are over are known for a moment. */
function knownCounts(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  intervalSeconds: number,
): Promise<CountRow[]> {
  const key = cacheKey('log counts', context.space, context.retention, search, intervalSeconds)
  const known = new BucketCache<CountRow>(context.cache, 'logs', key, range, intervalSeconds)
  return known.complete((part) => readCounts(context, search, part, intervalSeconds))
}

/** Rows of counts as one series a level. */
export function logCounts(
  rows: readonly CountRow[],
  buckets: readonly number[],
): Pick<LogsHistogramResponse, 'total' | 'series'> {
  const counts = new Map<Level, Map<number, number>>()
  for (const row of rows) {
    const level = levels[row.level]!
    const points = counts.get(level) ?? new Map<number, number>()
    const at = Number(row.bucket)
    counts.set(level, points.set(at, (points.get(at) ?? 0) + Number(row.count)))
  }
  const series = levels
    .filter((level) => counts.has(level))
    .map((level) => {
      const points = counts.get(level)!
      return {
        level,
        total: [...points.values()].reduce((sum, count) => sum + count, 0),
        points: buckets.map((at): [number, number] => [at, points.get(at) ?? 0]),
      }
    })
  return { total: series.reduce((sum, { total }) => sum + total, 0), series }
}

/** Counts in no order; a bucket of a level may come in several rows. */
export async function readCounts(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  intervalSeconds: number,
): Promise<CountRow[]> {
  const minutes = await minutesWithin(context, search, range, intervalSeconds)
  if (!minutes) return countRecords(context, search, range, intervalSeconds)
  const parts = await Promise.all([
    countMinutes(context, search, minutes, intervalSeconds),
    ...[
      { from: range.from, to: minutes.from },
      { from: minutes.to, to: range.to },
    ]
      .filter(({ from, to }) => from < to)
      .map((rest) => countRecords(context, search, rest, intervalSeconds)),
  ])
  return parts.flat()
}

function countRecords(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  intervalSeconds: number,
): Promise<CountRow[]> {
  const parameters = new Parameters()
  const match = matchLogs(search, context, range, parameters)
  const step = parameters.value('Int64', intervalSeconds * 1000)
  // Severity numbers 1-4 are trace, 5-8 debug, and so on: the level's place in the contract's list.
  return context.reader.query<CountRow>({
    sql: `
SELECT toString(intDiv(toUnixTimestamp64Milli(logs.time), ${step}) * ${step}) AS bucket,
  toUInt8(least(intDiv(severity + 3, 4), 6)) AS level, count() AS count
FROM logs WHERE ${match}
GROUP BY bucket, level`,
    params: parameters.params,
    signal: context.signal,
  })
}
