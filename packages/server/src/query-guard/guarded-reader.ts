import { estimateRows } from '../clickhouse/estimate.ts'
import type { ClickhouseReader, ReadQuery } from '../clickhouse/reader.ts'
import type { HeavyQueries } from './heavy-queries.ts'

/** Tables that hold a row for everything that was sent. All others of ours are small: rollups, indexes, senders, series. */
const large =
  /\b(?:FROM|JOIN)\s+(?:spans|logs|metric_(?:samples|histograms|exponential_histograms|summaries|exemplars))\b/g

/** A reader whose heavy statements take turns. What a statement may read, the engine says before it runs. */
export function guardedReader(reader: ClickhouseReader, heavy: HeavyQueries, asker: string): ClickhouseReader {
  const guarded = async <Answer>(q: ReadQuery, run: () => Promise<Answer>): Promise<Answer> => {
    if (isLight(q)) return run()
    const { sql, params = {}, signal } = q
    // A subquery over one of the large tables is not worth running just to be estimated.
    const settings = mentionsOfLarge(sql) > 1 ? { use_index_for_in_with_subqueries: 0 as const } : {}
    const rows = await estimateRows(reader, { sql, params, settings, ...(signal && { signal }) })
    return rows > heavy.limits.rows ? heavy.run(asker, signal, run) : run()
  }
  return {
    query: <Row>(q: ReadQuery) => guarded(q, () => reader.query<Row>(q)),
    table: (q) => guarded(q, () => reader.table(q)),
    lines: (q) => reader.lines(q),
  }
}

function isLight({ sql, reads = 'tables' }: ReadQuery): boolean {
  if (sql.trimStart().startsWith('EXPLAIN') || reads === 'little') return true
  return reads === 'tables' && mentionsOfLarge(sql) === 0
}

function mentionsOfLarge(sql: string): number {
  return sql.match(large)?.length ?? 0
}
