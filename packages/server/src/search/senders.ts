import type { Attributes } from '@burstlet/contract/common'
import { type AttributeMaps, attributeColumns, attributesOf } from './attributes.ts'
import type { Scope } from './query-options.ts'

export interface InstrumentationScope {
  readonly name: string
  readonly version: string
  readonly attributes: Attributes
}

/** Who sent a page of rows: resources and scopes by the hash that the rows carry. */
export interface Senders {
  resource(hash: string): Attributes
  scope(hash: string): InstrumentationScope
}

const resourcesQuery = `
SELECT toString(hash) AS hash, ${attributeColumns}
FROM resources
WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32}) AND hash IN {hashes:Array(UInt64)}
LIMIT 1 BY hash`

const scopesQuery = `
SELECT toString(hash) AS hash, name, version, ${attributeColumns}
FROM scopes
WHERE space = {space:String} AND received >= now() - toIntervalDay({days:UInt32}) AND hash IN {hashes:Array(UInt64)}
LIMIT 1 BY hash`

type HashedRow = AttributeMaps & { readonly hash: string }
type ScopeRow = HashedRow & { readonly name: string; readonly version: string }

/** Reads what the rows of a page point at, each once. */
export async function readSenders(
  scope: Scope,
  rows: readonly { readonly res_hash: string; readonly scope_hash: string }[],
): Promise<Senders> {
  const days = Math.max(scope.retention.traces, scope.retention.logs, scope.retention.metrics)
  const read = async <Row extends HashedRow>(sql: string, hashes: readonly string[]) => {
    const unique = [...new Set(hashes)]
    if (unique.length === 0) return new Map<string, Row>()
    const params = { space: scope.space, days, hashes: unique.map(BigInt) }
    const found = await scope.reader.query<Row>({ sql, params, signal: scope.signal })
    return new Map(found.map((row) => [row.hash, row]))
  }
  const [resources, scopes] = await Promise.all([
    read<HashedRow>(
      resourcesQuery,
      rows.map((row) => row.res_hash),
    ),
    read<ScopeRow>(
      scopesQuery,
      rows.map((row) => row.scope_hash),
    ),
  ])
  const attributes = new Map([...resources].map(([hash, row]) => [hash, attributesOf(row)]))
  const named = new Map(
    [...scopes].map(([hash, row]) => [hash, { name: row.name, version: row.version, attributes: attributesOf(row) }]),
  )
  return {
    resource: (hash) => attributes.get(hash) ?? {},
    scope: (hash) => named.get(hash) ?? { name: '', version: '', attributes: {} },
  }
}
