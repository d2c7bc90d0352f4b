import { EngineError } from '@burstlet/chdb-server/engine/error'
import { type CanonicalRow, canonicalQuery, canonicalSql } from '@burstlet/chdb-server/sql/canonical-query'
import { type QueryRules, vetQueryTree } from '@burstlet/chdb-server/sql/vet-query'
import type { SqlBody, SqlResponse } from '@burstlet/contract/sql'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { countingReader } from '../../querying/statements/statistics.ts'
import { blameSql } from './faults.ts'
import { conditionsOf, readableTables } from './tables.ts'

/**
 * Runs what a person wrote, or rather the one statement that the engine's own parser makes of it: that is vetted, and that is sent,
 * as a user who may read these tables and nothing else, bounded, and narrowed by the engine to the rows of the tenant that are kept.
 * Either holds alone: the vetting, and what the engine refuses to that user.
 * @throws ApiError VALIDATION_ERROR with the column where it is known; FORBIDDEN for what may not run; QueryLimitError
 */
export async function runSql(context: QueryContext, { query, limit }: SqlBody): Promise<SqlResponse> {
  const started = performance.now()
  const total = { rowsRead: 0, bytesRead: 0 }
  const names = await context.reader.query<{ database: string; name: string }>({
    sql: 'SELECT database, name FROM system.tables WHERE database = currentDatabase()',
    signal: context.signal,
  })
  const tables = names.map(({ name }) => name)
  const { columns, rows } = await blameSql(query, async () => {
    const canonical = await vetted(context, query, {
      database: names[0]?.database ?? '',
      hiddenTables: new Set(tables.filter((name) => !readableTables.has(name))),
    })
    return countingReader(context.reader, total).table({
      sql: canonical,
      user: 'guest',
      reads: 'unknown',
      conditions: conditionsOf(context),
      settings: { limit: String(limit + 1) },
      signal: context.signal,
    })
  })
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.slice(0, limit).map((row) => [...row]),
    truncated: rows.length > limit,
    meta: { ...total, durationMs: performance.now() - started },
  }
}

/** The statement that may run. @throws EngineError or ClickHouseError when there is none */
async function vetted({ reader, signal }: QueryContext, text: string, rules: QueryRules): Promise<string> {
  // The engine takes one in quotes, but would cut what it says about the text there.
  const zero = text.indexOf('\0')
  if (zero !== -1)
    throw new EngineError(
      62,
      'SYNTAX_ERROR',
      `Zero byte: failed at position ${Buffer.byteLength(text.slice(0, zero)) + 1}`,
    )
  const [row] = await reader.query<CanonicalRow>({ sql: canonicalSql, params: { text }, reads: 'little', signal })
  const canonical = canonicalQuery(row!)
  vetQueryTree(await reader.lines({ sql: `EXPLAIN AST ${canonical}`, user: 'guest', signal }), rules)
  return canonical
}
