import type { QueryContext } from '../../querying/context/query-context.ts'
import { searchWords } from '../../querying/filters/words.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { encodeCursor, type Position } from '../../querying/time/cursor.ts'
import { newestFirst } from '../../querying/time/newest-first.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import { type LogSearch, matchLogs } from './match.ts'
import { wordsThenParts } from './whole-words.ts'

/** What a page is ordered by; every selection has it. */
export interface OrderedRow {
  readonly timeNano: string
  readonly record_id: string
}

/** A cursor of a search that went on to parts of words says so, so that every page has the same meaning. */
const partsMark = 'p'

/**
 * Rows of `logs` newest first; those of one time by their id.
 * @param select a select list with `timeNano` and `record_id`
 */
export async function readLogPage<Row extends OrderedRow>(
  context: QueryContext,
  select: string,
  search: LogSearch,
  range: TimeRange,
  limit: number,
  after?: Position,
): Promise<{ rows: Row[]; nextCursor: string | null }> {
  const parts = after?.[1].startsWith(partsMark) ?? false
  const position = after && ([after[0], after[1].replace(partsMark, '')] as const)
  const ask = async (each: LogSearch) => ({
    rows: await readRows<Row>(context, select, each, clip(range, position), limit + 1, position),
    parts: each.partsOfWords === true,
  })
  const asked = { ...search, partsOfWords: parts }
  const found = after ? await ask(asked) : await wordsThenParts(asked, ask, ({ rows }) => rows.length === 0)
  const rows = found.rows.slice(0, limit)
  const last = found.rows.length > limit ? rows.at(-1) : undefined
  return {
    rows,
    nextCursor: last ? encodeCursor([last.timeNano, `${found.parts ? partsMark : ''}${last.record_id}`]) : null,
  }
}

function readRows<Row>(
  context: QueryContext,
  select: string,
  search: LogSearch,
  range: TimeRange,
  limit: number,
  after: Position | undefined,
): Promise<Row[]> {
  const { search: text, partsOfWords, traceId } = search
  const isIndexed = traceId !== undefined || (text !== undefined && !partsOfWords && searchWords(text).length > 0)
  const read = (slice: TimeRange, remaining: number) => {
    const parameters = new Parameters()
    const match = matchLogs(search, context, slice, parameters)
    return context.reader.query<Row>({
      sql: `SELECT ${select} FROM logs WHERE ${match}${after ? beforePosition(after, parameters) : ''}
ORDER BY logs.time DESC, record_id DESC LIMIT ${parameters.value('UInt32', remaining)}`,
      params: parameters.params,
      signal: context.signal,
    })
  }
  return newestFirst(range, limit, read, isIndexed)
}

function beforePosition([time, id]: Position, parameters: Parameters): string {
  const at = `fromUnixTimestamp64Nano(${parameters.value('Int64', time)})`
  return ` AND (logs.time < ${at} OR (logs.time = ${at} AND record_id < ${parameters.value('UInt64', id)}))`
}

/** What is newer than the cursor was on earlier pages, so it need not be read. */
function clip(range: TimeRange, after: Position | undefined): TimeRange {
  if (!after) return range
  const to = Math.min(range.to, Number(BigInt(after[0]) / 1_000_000n) + 1)
  return { from: range.from, to: Math.max(range.from, to) }
}
