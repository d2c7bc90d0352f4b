import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { slicesBackwards } from '../../querying/time/newest-first.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { type LogSearch, matchLogs } from './match.ts'

/**
 * The time that the newest records of a search lie in: as far back as it takes to find `wanted` of them. What is then
 * asked of them reads that much and no more.
 */
export async function newestTime(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  wanted: number,
): Promise<TimeRange> {
  let found = 0
  let from = range.to
  for (const slice of slicesBackwards(range)) {
    const parameters = new Parameters()
    const [row] = await context.reader.query<{ found: string }>({
      sql: `SELECT toString(count()) AS found FROM logs WHERE ${matchLogs(search, context, slice, parameters)}`,
      params: parameters.params,
      signal: context.signal,
    })
    found += Number(row?.found ?? 0)
    from = slice.from
    if (found >= wanted) break
  }
  return { from, to: range.to }
}
