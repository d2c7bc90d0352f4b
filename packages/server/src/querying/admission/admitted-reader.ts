import { type ClickhouseReader, type ReadQuery, TooManyRowsError } from '../../storage/clickhouse/reader.ts'
import type { HeavyQueries } from './heavy-queries.ts'

/** Tables that hold a row for everything that was sent. All others of ours are small: rollups, indexes, senders, series. */
const large =
  /\b(?:FROM|JOIN)\s+(?:spans|logs|metric_(?:samples|histograms|exponential_histograms|summaries|exemplars))\b/

/**
 * A reader whose heavy statements take turns. Each is tried with a bound on the rows that it may read: the engine knows
 * from its indexes, before it reads, that it needs more, and refuses it then. To ask for an estimate first would look at
 * the indexes twice, which is most of what a light statement costs.
 */
export function admittedReader(reader: ClickhouseReader, heavy: HeavyQueries, asker: string): ClickhouseReader {
  const guarded = async <Answer>(q: ReadQuery, run: (q: ReadQuery) => Promise<Answer>): Promise<Answer> => {
    const { rows } = heavy.limits
    if (isLight(q) || (q.maxRows ?? Number.POSITIVE_INFINITY) <= rows) return run(q)
    try {
      // To the engine, 0 is no bound.
      if (rows > 0) return await run({ ...q, maxRows: rows })
    } catch (error) {
      if (!(error instanceof TooManyRowsError)) throw error
    }
    return heavy.run(asker, q.signal, () => run(q))
  }
  return {
    query: <Row>(q: ReadQuery) => guarded(q, (bounded) => reader.query<Row>(bounded)),
    table: (q) => guarded(q, (bounded) => reader.table(bounded)),
    lines: (q) => reader.lines(q),
  }
}

function isLight({ sql, reads = 'tables' }: ReadQuery): boolean {
  if (sql.trimStart().startsWith('EXPLAIN') || reads === 'little') return true
  return reads === 'tables' && !large.test(sql)
}
