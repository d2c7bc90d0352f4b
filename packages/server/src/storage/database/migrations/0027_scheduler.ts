import type { Kysely } from 'kysely'

interface Schema {
  scheduler_shards: { shard: number; holder: string | null; token: number }
}

/** Takes the place of `leases`, which stays for servers of the version before until all are replaced. */
export async function up(database: Kysely<Schema>): Promise<void> {
  await database.schema
    .createTable('scheduler_processes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('beat', 'bigint', (column) => column.notNull())
    .addColumn('joined_at', 'bigint', (column) => column.notNull())
    .execute()
  await database.schema
    .createTable('scheduler_shards')
    .addColumn('shard', 'integer', (column) => column.primaryKey())
    .addColumn('holder', 'text')
    .addColumn('token', 'bigint', (column) => column.notNull())
    .execute()
  await database
    .insertInto('scheduler_shards')
    .values(Array.from({ length: 64 }, (_, shard) => ({ shard, holder: null, token: 0 })))
    .execute()
  await database.schema
    .createTable('scheduler_tasks')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('shard', 'integer', (column) => column.notNull())
    .addColumn('interval_ms', 'bigint', (column) => column.notNull())
    .addColumn('next_due', 'bigint', (column) => column.notNull())
    .addColumn('streak', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('runs', 'bigint', (column) => column.notNull())
    .addColumn('last_started', 'bigint', (column) => column.notNull())
    .addColumn('last_ms', 'bigint', (column) => column.notNull())
    .addColumn('error', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('scheduler_tasks_key', ['kind', 'id'])
    .execute()
  await database.schema.createIndex('scheduler_tasks_due').on('scheduler_tasks').columns(['kind', 'next_due']).execute()
  await database.schema
    .createTable('scheduler_history')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('slot', 'integer', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addColumn('runs', 'bigint', (column) => column.notNull())
    .addColumn('error', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('scheduler_history_key', ['kind', 'id', 'slot'])
    .execute()
}
