import { Kysely, type Transaction as KyselyTransaction, PostgresAdapter, type RawBuilder, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Config } from '../../config/settings.ts'
import { postgresDialect, sqliteDialect } from './dialects.ts'
import { migrations } from './migrations.ts'
import type { Tables } from './tables.ts'

/** What people edit: kept apart from telemetry, in SQLite beside it or in PostgreSQL. */
export type Database = Kysely<Tables>

/** Statements of which all count, or none. */
export type Transaction = KyselyTransaction<Tables>

/** Opens the relational store and brings it up to date. The caller ends it with `destroy()`. */
export async function openDatabase(config: Config): Promise<Database> {
  const { MONITORING_DATABASE_URL: url, MONITORING_DATA_DIR: dataFolder } = config
  const database = new Kysely<Tables>({ dialect: url ? postgresDialect(url) : sqliteDialect(dataFolder) })
  try {
    await migrate(database, migrations)
    return database
  } catch (error) {
    await database.destroy()
    throw error
  }
}

/** Applies what is missing, all of it or nothing; of several processes that start together, one does. */
export async function migrate(database: Kysely<Tables>, all: Readonly<Record<string, Migration>>): Promise<void> {
  const provider = { getMigrations: async () => all }
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest()
  if (error) throw error
}

/** The time of the database in epoch ms, as an expression: the clock that processes agree on that share it. */
export function timeOf(database: Database): RawBuilder<number> {
  return isPostgres(database)
    ? sql<number>`cast(extract(epoch from statement_timestamp()) * 1000 as bigint)`
    : sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
}

/** Whether the relational store is PostgreSQL. */
export function isPostgres(database: Database): boolean {
  return database.getExecutor().adapter instanceof PostgresAdapter
}
