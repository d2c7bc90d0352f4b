import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClickHouseClient } from '@clickhouse/client'

export interface Migration {
  /** File name without `.sql`, `0001_resources_and_scopes`: applied in this order. */
  readonly name: string
  readonly checksum: string
  readonly statements: readonly string[]
}

/** Reads the numbered `.sql` files beside this one. */
export function readMigrations(folder = join(import.meta.dirname, 'migrations')): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return {
        name: file.slice(0, -'.sql'.length),
        checksum: createHash('sha256').update(text).digest('hex'),
        statements: splitStatements(text),
      }
    })
}

/** Statements end with `;` at the end of a line; comment lines are left out. */
export function splitStatements(text: string): string[] {
  return text
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

/**
 * Brings the database to the newest tables. Each file is applied once and recorded with its checksum; two servers that
 * start at once both succeed, since every statement is made repeatable (`IF NOT EXISTS`) before it is sent.
 * @returns the names that were applied now
 * @throws Error when a recorded file has another content today (a released migration must never change)
 */
export async function migrate(client: ClickHouseClient, migrations = readMigrations()): Promise<string[]> {
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS migrations (name String, checksum String, applied DateTime DEFAULT now())
      ENGINE = ReplacingMergeTree ORDER BY name`,
  })
  const recorded = await recordedMigrations(client)
  const applied: string[] = []
  for (const migration of migrations) {
    const checksum = recorded.get(migration.name)
    if (checksum === migration.checksum) continue
    if (checksum !== undefined) {
      throw new Error(`Migration ${migration.name} was changed after it had been applied; add a new file instead.`)
    }
    for (const statement of migration.statements) await client.command({ query: repeatable(statement) })
    await client.insert({
      table: 'migrations',
      values: [{ name: migration.name, checksum: migration.checksum }],
      format: 'JSONEachRow',
    })
    applied.push(migration.name)
  }
  return applied
}

async function recordedMigrations(client: ClickHouseClient): Promise<Map<string, string>> {
  const result = await client.query({ query: 'SELECT name, checksum FROM migrations FINAL', format: 'JSONEachRow' })
  const rows = await result.json<{ name: string; checksum: string }>()
  return new Map(rows.map((row) => [row.name, row.checksum]))
}

/** A crash between two statements of a file leaves it half applied; it must be possible to apply it again. */
export function repeatable(statement: string): string {
  return statement
    .replace(/^CREATE (TABLE|MATERIALIZED VIEW|VIEW) (?!IF NOT EXISTS)/, 'CREATE $1 IF NOT EXISTS ')
    .replace(/\bADD (COLUMN|INDEX) (?!IF NOT EXISTS)/g, 'ADD $1 IF NOT EXISTS ')
}
