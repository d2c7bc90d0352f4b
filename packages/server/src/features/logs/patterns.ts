import { levelOf } from '@burstlet/contract/common'
import type { LogsPatternsResponse } from '@burstlet/contract/logs'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { isoOfNanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { type LogSearch, matchLogs } from './match.ts'
import { newestTime } from './sample.ts'

const maxRecords = 100_000

interface PatternRow {
  readonly pattern: string
  readonly count: string
  readonly severity: number
  readonly services: string[]
  readonly first: string
  readonly last: string
  readonly sample: string
}

/** Numbers of several parts are one, then every word that has a digit is blanked: counts, durations, ids, addresses. */
const pattern = `replaceRegexpAll(replaceRegexpAll(substringUTF8(body, 1, 1000),
  '[0-9]+(?:[.,:][0-9]+)+', '0'), '[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*', '*')`

/** Bodies that differ in numbers and ids only, together, of the newest records that the search finds. */
export async function readPatterns(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  limit: number,
): Promise<LogsPatternsResponse> {
  const time = await newestTime(context, search, range, maxRecords)
  const parameters = new Parameters()
  const match = matchLogs(search, context, time, parameters)
  const rows = await context.reader.query<PatternRow & { sampled: string }>({
    sql: `
SELECT ${pattern} AS pattern, toString(count()) AS count, max(severity) AS severity,
  arraySort(groupUniqArray(20)(service)) AS services,
  toString(toUnixTimestamp64Nano(min(at))) AS first, toString(toUnixTimestamp64Nano(max(at))) AS last,
  argMax(substringUTF8(body, 1, 1000), at) AS sample, toString(sum(count()) OVER ()) AS sampled
FROM (
  SELECT body, severity, service, logs.time AS at FROM logs WHERE ${match} ORDER BY logs.time DESC, record_id DESC LIMIT ${maxRecords}
)
GROUP BY pattern
ORDER BY count() DESC, pattern
LIMIT ${parameters.value('UInt32', limit)}`,
    params: parameters.params,
    signal: context.signal,
  })
  return {
    sampled: Number(rows[0]?.sampled ?? 0),
    patterns: rows.map((row) => ({
      pattern: row.pattern,
      count: Number(row.count),
      level: levelOf(row.severity),
      services: row.services,
      firstSeen: isoOfNanoseconds(row.first),
      lastSeen: isoOfNanoseconds(row.last),
      sample: row.sample,
    })),
  }
}
