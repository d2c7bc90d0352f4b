/** The verb of a statement and the table it is about, as far as they can be read without parsing SQL. */
export interface SqlSummary {
  operation: string
  collection?: string
}

const table = /\b(?:from|into|update|join|table(?:\s+if\s+(?:not\s+)?exists)?)\s+["'`[]?([a-z_][\w.]*)/i

/**
 * Reads the operation (`SELECT`) and first table (`videos`) of a statement.
 * @param sql as `withoutLiterals` leaves it
 */
export function summarizeSql(sql: string): SqlSummary {
  const operation = /^\s*([a-z]+)/i.exec(sql)?.[1]?.toUpperCase() ?? 'QUERY'
  const collection = table.exec(sql)?.[1]
  return collection === undefined ? { operation } : { operation, collection }
}
