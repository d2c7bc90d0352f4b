import { type Kysely, PostgresAdapter, sql } from 'kysely'

export async function up(database: Kysely<unknown>): Promise<void> {
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
}
