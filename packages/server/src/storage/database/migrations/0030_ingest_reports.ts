import type { Kysely } from 'kysely'

export async function up(database: Kysely<unknown>): Promise<void> {
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
    .addColumn('space', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addPrimaryKeyConstraint('dead_letter_orders_key', ['process', 'segment'])
    .execute()
}
