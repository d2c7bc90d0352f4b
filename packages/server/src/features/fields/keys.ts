import type { FieldKey, FieldKeysResponse } from '@burstlet/contract/fields'
import type { QuerySignal } from '@burstlet/contract/query'
import { movedAttributes } from '@burstlet/otlp/semantic-conventions'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { readSenders } from '../../querying/context/senders.ts'
import { ownKeys } from '../../querying/fields/own-keys.ts'
import { type SampleSql, type Sampling, sampleNewest } from './sample.ts'

/** Maps are wide, so that few rows have to do. */
const sampleRows = 50_000

interface KeyRow {
  /** Empty for the rows themselves, `resource:HASH` for their sender. */
  readonly key: string
  readonly type: FieldKey['type'] | 'row' | 'sender'
  readonly n: string
  readonly found: number
}

/** Keys of the newest rows with how many have them. @param search a part of the key, in any case */
export async function readFieldKeys(
  context: QueryContext,
  sampling: Omit<Sampling, 'rows'>,
  search: string | undefined,
  limit: number,
): Promise<FieldKeysResponse> {
  const { rows, sampled } = await sampleNewest<KeyRow>(
    context,
    { ...sampling, rows: sampleRows },
    (sql) => statement(sampling.signal, sql),
    (read) => Number(read.find(({ type }) => type === 'row')?.n ?? 0),
  )
  const total = rows.filter(({ type }) => type === 'row').reduce((sum, { found }) => sum + found, 0)
  const items = [
    ...ownKeys[sampling.signal].map(([key, type]): FieldKey => ({ key, type, source: 'field', count: total })),
    ...attributeKeys(rows),
    ...(await resourceKeys(context, rows)),
  ]
  const wanted = search?.toLowerCase()
  return {
    items: items
      .filter(({ key, count }) => count > 0 && (wanted === undefined || key.toLowerCase().includes(wanted)))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
      .slice(0, limit),
    nextCursor: null,
    sampled,
  }
}

function statement(signal: QuerySignal, { fields, where, weight }: SampleSql): string {
  const keys = (type: string, map: string) => `arrayMap(k -> (toString(k), '${type}'), mapKeys(${map}))`
  const moved = signal === 'spans' ? Object.entries(movedAttributes) : []
  const parts = [
    "[('', 'row'), (toString(res_hash), 'sender')]",
    keys('string', 'attr_s'),
    keys('number', 'attr_i'),
    keys('number', 'attr_f'),
    keys('boolean', 'attr_b'),
    keys('object', 'attr_x'),
    ...moved.map(([column, key]) => `if(isNotNull(${column}), [('${key}', 'string')], [])`),
  ]
  return `
SELECT pair.1 AS key, pair.2 AS type, count() AS n, sum(w) AS found
FROM (SELECT arrayJoin(arrayConcat(${parts.join(', ')})) AS pair, ${weight} AS w FROM ${fields.from} WHERE ${where})
GROUP BY pair
ORDER BY n DESC
LIMIT 20000`
}

function attributeKeys(rows: readonly KeyRow[]): FieldKey[] {
  const groups = Map.groupBy(
    rows.filter(({ type }) => type !== 'row' && type !== 'sender'),
    ({ key, type }) => `${type} ${key}`,
  )
  return [...groups.values()].map((group) => ({
    key: group[0]!.key,
    type: group[0]!.type as FieldKey['type'],
    source: 'attribute',
    count: group.reduce((sum, { found }) => sum + found, 0),
  }))
}

async function resourceKeys(context: QueryContext, rows: readonly KeyRow[]): Promise<FieldKey[]> {
  const hashes = rows.filter(({ type }) => type === 'sender').slice(0, 5000)
  const senders = await readSenders(
    context,
    hashes.map(({ key }) => ({ res_hash: key, scope_hash: '0' })),
  )
  const counts = new Map<string, FieldKey>()
  for (const { key: hash, found } of hashes) {
    for (const [name, value] of Object.entries(senders.resource(hash))) {
      if (name === 'service.name') continue
      const type =
        typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? typeof value : 'object'
      const key = `resource.${name}`
      const counted = counts.get(`${type} ${key}`)?.count ?? 0
      counts.set(`${type} ${key}`, { key, type: type as FieldKey['type'], source: 'resource', count: counted + found })
    }
  }
  return [...counts.values()]
}
