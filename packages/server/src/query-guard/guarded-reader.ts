import { estimateRows } from '../clickhouse/estimate.ts'
import type { ClickhouseReader, ReadQuery } from '../clickhouse/reader.ts'
import type { HeavyQueries } from './heavy-queries.ts'

/** Statements that may read more rows than this take turns; those below are answered in tens of milliseconds. */
const heavyRows = 2_000_000

/** A reader whose heavy statements take turns. What a statement may read, the engine says before it runs. */
export function guardedReader(
  reader: ClickhouseReader,
  heavy: HeavyQueries,
  asker: string,
  most = heavyRows,
): ClickhouseReader {
  const guarded = async <Answer>(q: ReadQuery, run: () => Promise<Answer>): Promise<Answer> => {
    if (q.sql.trimStart().startsWith('EXPLAIN')) return run()
    return (await estimateRows(reader, q)) > most ? heavy.run(asker, q.signal, run) : run()
  }
  return {
    query: <Row>(q: ReadQuery) => guarded(q, () => reader.query<Row>(q)),
    table: (q) => guarded(q, () => reader.table(q)),
    lines: (q) => reader.lines(q),
  }
}
