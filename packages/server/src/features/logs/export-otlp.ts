import { logsData } from '@burstlet/otlp/encode'
import type { LogsData } from '@burstlet/otlp/otlp-json'
import type { LogRow } from '@burstlet/otlp/rows'
import { logSelect } from '@burstlet/otlp/select'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { readSenderRows } from '../../querying/context/sender-rows.ts'
import type { Position } from '../../querying/time/cursor.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import type { LogSearch } from './match.ts'
import { readLogPage } from './read-page.ts'

/** The page of records that the same search has without `format=otlp`, as they were sent; and where the next one begins. */
export async function exportLogs(
  context: QueryContext,
  search: LogSearch,
  range: TimeRange,
  limit: number,
  after?: Position,
): Promise<{ data: LogsData; nextCursor: string | null }> {
  const page = await readLogPage<LogRow>(context, logSelect, search, range, limit, after)
  const { resources, scopes } = await readSenderRows(context, page.rows)
  return { data: logsData(page.rows, resources, scopes), nextCursor: page.nextCursor }
}
