/** Says that a statement reads the rows of all spaces: for work in the background, and for nothing that a request asks. */
export const allSpaces = Symbol('all spaces')

/** Whose rows a statement reads: those of one tenant, or those of all. */
export type ReadSpace = string | typeof allSpaces

/** All that has rows of spaces: tables, and the views that fill them, through which one could read as well. */
const tables = [
  'activity_1h',
  'activity_1m',
  'edges_1h',
  'edges_1m',
  'late_arrivals',
  'log_errors_1h',
  'log_levels_1m',
  'logs',
  'metric_exemplars',
  'metric_exponential_histograms',
  'metric_histograms',
  'metric_samples',
  'metric_series',
  'metric_summaries',
  'red_1h',
  'red_1m',
  'red_service_10m',
  'red_service_1h',
  'red_service_1m',
  'resources',
  'rollup_windows',
  'scopes',
  'span_arrivals',
  'span_errors_1h',
  'spans',
  'trace_index',
] as const

const views = [
  'late_logs_view',
  'late_metric_exponential_histograms_view',
  'late_metric_histograms_view',
  'late_metric_samples_view',
  'late_metric_summaries_view',
  'late_spans_view',
  'log_levels_1m_view',
  'red_1m_view',
  'red_service_1m_view',
  'span_arrivals_view',
  'trace_index_view',
] as const

export const spaceTables: readonly string[] = [...tables, ...views]

/** Names that need no quoting wherever they stand. */
const spaceName = /^[a-zA-Z0-9]+(?:[._-][a-zA-Z0-9]+)*$/
/** `merge` reads tables without their names, by which the filter finds them; the others read elsewhere. */
const tableFunction =
  /\b(?:merge|remote|remoteSecure|cluster|clusterAllReplicas|mergeTreeIndex|mergeTreeProjection)\s*\(/i

/** @throws Error at a statement of this program that would get round the filter */
export function mustNameTables(sql: string): void {
  if (tableFunction.test(sql) || /\bSETTINGS\b/.test(sql)) {
    throw new Error('a statement about one space reads tables by their names only, and has no settings of its own')
  }
}

/**
 * Narrows every table to the rows of a space, for ClickHouse's setting `additional_table_filters`: the engine adds it wherever a
 * table is read, in subqueries, joins and views too, and uses its key as if the statement said it.
 * @param conditions what rows have to meet besides, by table; without a backslash
 * @throws Error for a name that a space cannot have
 */
export function spaceFilter(space: string, conditions: Readonly<Record<string, string>> = {}): string {
  if (!spaceName.test(space) || space.length > 128) throw new Error(`${JSON.stringify(space)} is no name of a space`)
  const filters = spaceTables.map((table) => {
    const more = conditions[table]
    return `${literal(table)}: ${literal(`space = ${literal(space)}${more === undefined ? '' : ` AND (${more})`}`)}`
  })
  return `{${filters.join(', ')}}`
}

/** Without a backslash, which the engine would read as an escape. */
function literal(text: string): string {
  if (text.includes('\\')) throw new Error('a condition with a backslash')
  return `'${text.replaceAll("'", "''")}'`
}
