import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { makePrivate } from '../../config/private-file.ts'
import type { Config } from '../../config/settings.ts'
import { migrations } from './migrations.ts'
import { asSqliteDatabase } from './node-sqlite.ts'
import type { Tables } from './tables.ts'

/** What people edit: kept apart from telemetry, in SQLite beside it or in PostgreSQL. */
export type Database = Kysely<Tables>

/** Opens the relational store and brings it up to date. The caller ends it with `destroy()`. */
export function openDatabase(config: Config): Promise<Database> {
  return migrated(new Kysely<Tables>({ dialect: dialectOf(config) }))
}

/** Opens an empty SQLite database that is gone when it is destroyed. */
export function openMemoryDatabase(): Promise<Database> {
  const sqlite = new DatabaseSync(':memory:')
  sqlite.exec('PRAGMA foreign_keys = ON')
  return migrated(new Kysely<Tables>({ dialect: new SqliteDialect({ database: asSqliteDatabase(sqlite) }) }))
}

async function migrated(database: Database): Promise<Database> {
  try {
    const { error } = await new Migrator({
      db: database,
      provider: { getMigrations: async () => migrations },
    }).migrateToLatest()
    if (error) throw error
    return database
  } catch (error) {
    await database.destroy()
    throw error
  }
}

function dialectOf(config: Config): Dialect {
  if (config.MONITORING_DATABASE_URL) {
    const pool = new pg.Pool({ connectionString: config.MONITORING_DATABASE_URL, max: 10 })
    // Without a listener, an idle connection that the server closes would end the process.
    pool.on('error', () => {})
    return new PostgresDialect({ pool })
  }
  mkdirSync(config.MONITORING_DATA_DIR, { recursive: true, mode: 0o700 })
  const file = join(config.MONITORING_DATA_DIR, 'burstlet.sqlite')
  // SQLite gives the files that it keeps beside it the same mode.
  makePrivate(file)
  const sqlite = new DatabaseSync(file)
  sqlite.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
  )
  return new SqliteDialect({ database: asSqliteDatabase(sqlite) })
}
