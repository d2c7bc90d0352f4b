import type { Kysely } from 'kysely'

export async function up(database: Kysely<unknown>): Promise<void> {
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
}
