import type { ClickHouseClient } from '@clickhouse/client'

type Columns = Record<string, readonly { readonly name: string; readonly type: string }[]>

/**
 * Compares what the decoder writes with what the tables hold, so that a mismatch stops the start instead of losing data.
 * @throws Error naming every column that is missing or has another type
 */
export async function checkColumns(client: ClickHouseClient, expected: Columns): Promise<void> {
  const result = await client.query({
    query: 'SELECT table, name, type FROM system.columns WHERE database = currentDatabase()',
    format: 'JSONEachRow',
  })
  const rows = await result.json<{ table: string; name: string; type: string }>()
  const actual = new Map(rows.map((row) => [`${row.table}.${row.name}`, row.type]))
  const faults = Object.entries(expected).flatMap(([table, columns]) =>
    columns.flatMap(({ name, type }) => {
      const found = actual.get(`${table}.${name}`)
      return found === type ? [] : `${table}.${name} is ${found ?? 'missing'}, expected ${type}`
    }),
  )
  if (faults.length > 0) throw new Error(`The tables in ClickHouse do not fit this version:\n${faults.join('\n')}`)
}
