import { vetQueryText, vetQueryTree } from '@burstlet/chdb-server/sql/vet-query'
import type { SqlAnswer, SqlBody } from '@burstlet/contract/sql'
import { countingReader } from '../query/statistics.ts'
import type { Scope } from '../search/query-options.ts'
import { blameSql } from './faults.ts'
import { filterOf, readableTables } from './tables.ts'

/**
 * Runs what a person wrote: first its tokens are read, then its tree, and only what passes both is sent, read-only,
 * bounded, and narrowed by the engine itself to the rows of the tenant that are kept.
 * @throws ApiError VALIDATION_ERROR with the column where it is known; FORBIDDEN for what may not run; QueryLimitError
 */
export async function runSql(scope: Scope, { query, limit }: SqlBody): Promise<SqlAnswer> {
  const started = performance.now()
  const total = { rowsRead: 0, bytesRead: 0 }
  await blameSql(query, 0, async () => vetQueryText(query))
  const before = 'EXPLAIN AST '
  const tree = await blameSql(query, before.length, () =>
    scope.reader.lines({ sql: before + query, signal: scope.signal }),
  )
  const names = await scope.reader.query<{ database: string; name: string }>({
    sql: 'SELECT database, name FROM system.tables WHERE database = currentDatabase()',
    signal: scope.signal,
  })
  const tables = names.map(({ name }) => name)
  await blameSql(query, 0, async () =>
    vetQueryTree(tree, {
      database: names[0]?.database ?? '',
      hiddenTables: new Set(tables.filter((name) => !readableTables.has(name))),
    }),
  )
  const { columns, rows } = await blameSql(query, 0, () =>
    countingReader(scope.reader, total).table({
      sql: query,
      reads: 'unknown',
      // The client knows this setting as a map; the engine takes the text of one.
      settings: { limit: String(limit + 1), additional_table_filters: filterOf(tables, scope) as never },
      signal: scope.signal,
    }),
  )
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.slice(0, limit).map((row) => [...row]),
    truncated: rows.length > limit,
    meta: { ...total, durationMs: performance.now() - started },
  }
}
