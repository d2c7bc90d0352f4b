import type { ClickhouseReader, ReadQuery } from './reader.ts'

/** How many rows the engine would read for a statement at most, by its indexes; it reads none for this. */
export async function estimateRows(reader: ClickhouseReader, { sql, params, signal }: ReadQuery): Promise<number> {
  const rows = await reader.query<{ rows: string }>({
    sql: `EXPLAIN ESTIMATE ${sql}`,
    ...(params && { params }),
    ...(signal && { signal }),
  })
  return rows.reduce((sum, row) => sum + Number(row.rows), 0)
}
