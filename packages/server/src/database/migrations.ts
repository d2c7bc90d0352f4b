import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { Tables } from './tables.ts'

/** Applied in the order of their names, each once, on SQLite and PostgreSQL alike. */
export const migrations: Record<string, Migration> = {
  '0001_installation': {
    async up(database: Kysely<Tables>) {
      await database.schema
        .createTable('installation')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('created_at', 'text', (column) => column.notNull())
        .execute()
      await database
        .insertInto('installation')
        .values({ id: randomUUID(), created_at: new Date().toISOString() })
        .execute()
    },
  },
  '0002_leases': {
    async up(database: Kysely<Tables>) {
      await database.schema
        .createTable('leases')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('holder', 'text', (column) => column.notNull())
        .addColumn('token', 'bigint', (column) => column.notNull())
        .addColumn('beat', 'bigint', (column) => column.notNull())
        .execute()
    },
  },
}
