import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'

interface Schema {
  installation: { id: string; created_at: string }
}

export async function up(database: Kysely<Schema>): Promise<void> {
  await database.schema
    .createTable('installation')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute()
  await database.insertInto('installation').values({ id: randomUUID(), created_at: new Date().toISOString() }).execute()
}
