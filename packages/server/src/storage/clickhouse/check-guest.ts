import type { ClickHouseClient } from '@clickhouse/client'

/**
 * What the user of people's SQL may do on a ClickHouse of the operator's beyond reading tables, as its grants say it. Nothing is what
 * there should be: then the engine itself refuses what the vetting should ever miss.
 * @returns the grants that go beyond; empty when there are none
 */
export async function excessGrants(client: ClickHouseClient): Promise<string[]> {
  const result = await client.query({ query: 'SHOW GRANTS', format: 'JSONCompactEachRow' })
  const rows = await result.json<[string]>()
  return rows.map(([grant]) => grant).filter((grant) => !isHarmless(grant))
}

/** `GRANT SELECT(a, b), SHOW TABLES ON x.y TO z`, but not on `*.*`, and nothing else. */
export function isHarmless(grant: string): boolean {
  const [, rights, target] = /^GRANT (.+?) ON (\S+) TO /.exec(grant) ?? []
  if (rights === undefined || target === undefined || target.startsWith('*')) return false
  return rights
    .replace(/\([^)]*\)/g, '')
    .split(', ')
    .every((right) => /^(?:SELECT|SHOW(?: TABLES| COLUMNS| DATABASES| DICTIONARIES)?)$/.test(right))
}
