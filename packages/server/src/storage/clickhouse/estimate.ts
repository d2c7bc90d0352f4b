import type { ClickhouseReader, ReadQuery } from './reader.ts'

/**
 * How many rows the engine would read for a statement at most, by its indexes; it reads none for this.
 * @param q.settings `use_index_for_in_with_subqueries: 0` where subqueries of IN are costly: they would be run, to ask the
 * indexes for what they find
 */
export async function estimateRows(
  reader: ClickhouseReader,
  { sql, params, signal, settings }: ReadQuery,
): Promise<number> {
  const rows = await reader.query<{ rows: string }>({
    sql: `EXPLAIN ESTIMATE ${sql}`,
    ...(params && { params }),
    ...(signal && { signal }),
    ...(settings && { settings }),
  })
  return rows.reduce((sum, row) => sum + Number(row.rows), 0)
}
