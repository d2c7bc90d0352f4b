import { randomUUID } from 'node:crypto'
import { type Kysely, PostgresAdapter, sql } from 'kysely'
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
  '0010_deployments': {
    async up(database: Kysely<Tables>) {
      await database.schema
        .createTable('deployments')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('space', 'text', (column) => column.notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('environment', 'text', (column) => column.notNull())
        .addColumn('at', 'bigint', (column) => column.notNull())
        .addColumn('commit_id', 'text')
        .addColumn('url', 'text')
        .execute()
      await database.schema
        .createTable('versions')
        .addColumn('space', 'text', (column) => column.notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('environment', 'text', (column) => column.notNull())
        .addColumn('first_seen', 'bigint', (column) => column.notNull())
        .addColumn('initial', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('versions_key', ['space', 'service', 'environment', 'version'])
        .execute()
      await database.schema.createIndex('deployments_at').on('deployments').columns(['space', 'at']).execute()
      await database.schema.createIndex('versions_seen').on('versions').columns(['space', 'first_seen']).execute()
    },
  },
  '0011_source_maps': {
    async up(database: Kysely<Tables>) {
      const bytes = database.getExecutor().adapter instanceof PostgresAdapter ? sql`bytea` : sql`blob`
      await database.schema
        .createTable('source_maps')
        .addColumn('space', 'text', (column) => column.notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('version', 'text', (column) => column.notNull())
        .addColumn('file', 'text', (column) => column.notNull())
        .addColumn('uploaded_at', 'bigint', (column) => column.notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .addColumn('content', bytes, (column) => column.notNull())
        .addPrimaryKeyConstraint('source_maps_key', ['space', 'service', 'version', 'file'])
        .execute()
    },
  },
  '0020_sessions': {
    async up(database: Kysely<Tables>) {
      await database.schema
        .createTable('sign_in_links')
        .addColumn('token_hash', 'text', (column) => column.primaryKey())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .execute()
      await database.schema
        .createTable('sessions')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('token_hash', 'text', (column) => column.notNull().unique())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('expires_at', 'bigint', (column) => column.notNull())
        .addColumn('user_agent', 'text', (column) => column.notNull())
        .execute()
    },
  },
  '0030_ingest_reports': {
    async up(database: Kysely<Tables>) {
      await database.schema
        .createTable('ingest_reports')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('reported_at', 'bigint', (column) => column.notNull())
        .addColumn('report', 'text', (column) => column.notNull())
        .execute()
      await database.schema
        .createTable('dead_letter_orders')
        .addColumn('process', 'text', (column) => column.notNull())
        .addColumn('segment', 'text', (column) => column.notNull())
        .addColumn('action', 'text', (column) => column.notNull())
        .addColumn('outcome', 'text')
        .addPrimaryKeyConstraint('dead_letter_orders_key', ['process', 'segment'])
        .execute()
    },
  },
}
