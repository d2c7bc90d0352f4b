import type { Attributes } from '@burstlet/contract/common'
import type { AttributeColumns } from '@burstlet/otlp/rows'
import { LRUCache } from 'lru-cache'
import { attributeColumns, attributesOf } from '../statements/attributes.ts'
import type { QueryContext } from './query-context.ts'

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
WHERE received >= now() - toIntervalDay({days:UInt32}) AND hash IN {hashes:Array(UInt64)}
LIMIT 1 BY hash`

const scopesQuery = `
SELECT toString(hash) AS hash, name, version, ${attributeColumns}
FROM scopes
WHERE received >= now() - toIntervalDay({days:UInt32}) AND hash IN {hashes:Array(UInt64)}
LIMIT 1 BY hash`

type HashedRow = AttributeColumns & { readonly hash: string }
type ScopeRow = HashedRow & { readonly name: string; readonly version: string }

/**
 * What was read before, by tenant and hash. A hash stands for its content, so what is known stays true; what is not
 * there yet is asked for again.
 */
const knownResources = new LRUCache<string, Attributes>({ max: 5000 })
const knownScopes = new LRUCache<string, InstrumentationScope>({ max: 5000 })

/** Reads what the rows of a page point at, each once. */
export async function readSenders(
  context: QueryContext,
  rows: readonly { readonly res_hash: string; readonly scope_hash: string }[],
): Promise<Senders> {
  const [resources, scopes] = await Promise.all([
    read(
      context,
      resourcesQuery,
      knownResources,
      rows.map((row) => row.res_hash),
      (row: HashedRow) => attributesOf(row),
    ),
    read(
      context,
      scopesQuery,
      knownScopes,
      rows.map((row) => row.scope_hash),
      (row: ScopeRow) => ({
        name: row.name,
        version: row.version,
        attributes: attributesOf(row),
      }),
    ),
  ])
  return {
    resource: (hash) => resources.get(hash) ?? {},
    scope: (hash) => scopes.get(hash) ?? { name: '', version: '', attributes: {} },
  }
}

async function read<Row extends HashedRow, Sender extends object>(
  context: QueryContext,
  sql: string,
  known: LRUCache<string, Sender>,
  hashes: readonly string[],
  senderOf: (row: Row) => Sender,
): Promise<Map<string, Sender>> {
  const keyOf = (hash: string) => `${context.space} ${hash}`
  const found = new Map<string, Sender>()
  const missing: string[] = []
  for (const hash of new Set(hashes)) {
    const sender = known.get(keyOf(hash))
    if (sender) found.set(hash, sender)
    else missing.push(hash)
  }
  if (missing.length === 0) return found
  const days = Math.max(context.retention.traces, context.retention.logs, context.retention.metrics)
  const params = { days, hashes: missing.map(BigInt) }
  for (const row of await context.reader.query<Row>({ sql, params, signal: context.signal })) {
    const sender = senderOf(row)
    found.set(row.hash, sender)
    known.set(keyOf(row.hash), sender)
  }
  return found
}
