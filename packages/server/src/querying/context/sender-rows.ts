import type { ResourceRow, ScopeRow } from '@burstlet/otlp/rows'
import { resourceSelect, scopeSelect } from '@burstlet/otlp/select'
import type { QueryContext } from './query-context.ts'

export interface SenderRows {
  readonly resources: ReadonlyMap<string, ResourceRow>
  readonly scopes: ReadonlyMap<string, ScopeRow>
}

const query = (select: string, table: 'resources' | 'scopes') => `
SELECT ${select} FROM ${table}
WHERE received >= now() - toIntervalDay({days:UInt32}) AND hash IN {hashes:Array(UInt64)}
LIMIT 1 BY hash`

/** Resources and scopes of some rows in full, by hash. */
export async function readSenderRows(
  context: QueryContext,
  rows: readonly { readonly res_hash: string; readonly scope_hash: string }[],
): Promise<SenderRows> {
  const days = Math.max(context.retention.traces, context.retention.logs, context.retention.metrics)
  const read = async <Row extends { hash: string }>(sql: string, hashes: readonly string[]) => {
    const params = { days, hashes: [...new Set(hashes)].map(BigInt) }
    const found = hashes.length > 0 ? await context.reader.query<Row>({ sql, params, signal: context.signal }) : []
    return new Map(found.map((row) => [row.hash, row]))
  }
  const [resources, scopes] = await Promise.all([
    read<ResourceRow>(
      query(resourceSelect, 'resources'),
      rows.map((row) => row.res_hash),
    ),
    read<ScopeRow>(
      query(scopeSelect, 'scopes'),
      rows.map((row) => row.scope_hash),
    ),
  ])
  return { resources, scopes }
}
