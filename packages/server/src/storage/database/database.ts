import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Dialect, Kysely, PostgresDialect, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { makePrivate } from '../../config/private-file.ts'
import { isUnreachable } from '../unreachable.ts'
import { migrations } from './migrations.ts'
import { asSqliteDatabase } from './node-sqlite.ts'
import type { Tables } from './tables.ts'

/** What people edit: kept apart from telemetry, in SQLite beside it or in PostgreSQL. */
export type Database = Kysely<Tables>

export interface DatabaseSettings {
  /** `postgres://user:password@host/database`; SQLite in the data folder when unset. */
  readonly databaseUrl?: string | undefined
  readonly dataFolder: string
}

/**
 * Opens the relational store and brings it up to date. The caller ends it with `destroy()`.
 * @param mayBeAway also opens it while it cannot be reached; another process brings it up to date then
 */
export function openDatabase(settings: DatabaseSettings, mayBeAway = false): Promise<Database> {
  return migrated(new Kysely<Tables>({ dialect: dialectOf(settings) }), mayBeAway)
}

/** Opens an empty SQLite database that is gone when it is destroyed. */
export function openMemoryDatabase(): Promise<Database> {
  const sqlite = new DatabaseSync(':memory:')
  sqlite.exec('PRAGMA foreign_keys = ON')
  return migrated(new Kysely<Tables>({ dialect: new SqliteDialect({ database: asSqliteDatabase(sqlite) }) }))
}

async function migrated(database: Database, mayBeAway = false): Promise<Database> {
  try {
    const { error } = await new Migrator({
      db: database,
      provider: { getMigrations: async () => migrations },
    }).migrateToLatest()
    if (error && !(mayBeAway && isUnreachable(error))) throw error
    return database
  } catch (error) {
    await database.destroy()
    throw error
  }
}

function dialectOf({ databaseUrl, dataFolder }: DatabaseSettings): Dialect {
  if (databaseUrl) {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
    // Without a listener, an idle connection that the server closes would end the process.
    pool.on('error', () => {})
    return new PostgresDialect({ pool })
  }
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const file = join(dataFolder, 'burstlet.sqlite')
  // SQLite gives the files that it keeps beside it the same mode.
  makePrivate(file)
  const sqlite = new DatabaseSync(file)
  sqlite.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
  )
  return new SqliteDialect({ database: asSqliteDatabase(sqlite) })
}
