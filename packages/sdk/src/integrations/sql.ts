const MAX_TEXT = 4096

/** A quoted name, which is kept, or a string, blob or number. */
const LITERAL =
  /("[^"]*"|`[^`]*`|\[[^\]]*\])|x?'(?:[^']|'')*(?:'|$)|(?<![\w$:@?.])[-+]?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)\b/gi

/** The verb of a statement and the table it is about, as far as they can be read without parsing SQL. */
export type SqlSummary = { operation: string; collection?: string }

const TABLE = /\b(?:from|into|update|join|table(?:\s+if\s+(?:not\s+)?exists)?)\s+["'`[]?([a-z_][\w.]*)/i

/** Reads the operation (`SELECT`) and first table (`videos`) of a statement. */
export function summarizeSql(sql: string): SqlSummary {
  const text = withoutComments(sql)
  const operation = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'QUERY'
  const collection = TABLE.exec(text)?.[1]
  return collection === undefined ? { operation } : { operation, collection }
}

/**
 * The statement with every string, number and blob literal as `?`, on one line, at most 4,096 characters.
 * Placeholders and quoted names stay. An unfinished string is cut to its end, so that no half of a value is left.
 */
export function withoutLiterals(sql: string): string {
  return withoutComments(sql)
    .replaceAll(LITERAL, (_, name) => name ?? '?')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT)
}

function withoutComments(sql: string): string {
  // Strings and quoted names are matched first, so that `--` inside one is no comment.
  return sql.replaceAll(
    /('(?:[^']|'')*'|"[^"]*"|`[^`]*`)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
    (_, quoted) => quoted ?? ' ',
  )
}
