import { DatabaseSync } from 'node:sqlite'
import { Kysely, type Transaction as KyselyTransaction, PostgresAdapter, type RawBuilder, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { isUnreachable } from '../unreachable.ts'
import { postgresDialect, sqliteDialect, TransactionalSqlite } from './dialects.ts'
import { migrations } from './migrations.ts'
import { asSqliteDatabase } from './node-sqlite.ts'
import type { Tables } from './tables.ts'

/** What people edit: kept apart from telemetry, in SQLite beside it or in PostgreSQL. */
export type Database = Kysely<Tables>

/** Statements of which all count, or none. */
export type Transaction = KyselyTransaction<Tables>

export interface DatabaseSettings {
  /** `postgres://user:password@host/database`; SQLite in the data folder when unset. */
  readonly databaseUrl?: string | undefined
  readonly dataFolder: string
}

/**
 * Opens the relational store and brings it up to date. The caller ends it with `destroy()`.
 * @param mayBeAway also opens it while it cannot be reached; another process brings it up to date then
 */
export function openDatabase({ databaseUrl, dataFolder }: DatabaseSettings, mayBeAway = false): Promise<Database> {
  const dialect = databaseUrl ? postgresDialect(databaseUrl) : sqliteDialect(dataFolder)
  return migrated(new Kysely<Tables>({ dialect }), mayBeAway)
}

/** Opens an empty SQLite database that is gone when it is destroyed. */
export function openMemoryDatabase(): Promise<Database> {
  const sqlite = new DatabaseSync(':memory:')
  sqlite.exec('PRAGMA foreign_keys = ON')
  return migrated(new Kysely<Tables>({ dialect: new TransactionalSqlite({ database: asSqliteDatabase(sqlite) }) }))
}

async function migrated(database: Database, mayBeAway = false): Promise<Database> {
  try {
    await migrate(database, migrations).catch((error: unknown) => {
      if (!(mayBeAway && isUnreachable(error))) throw error
    })
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
