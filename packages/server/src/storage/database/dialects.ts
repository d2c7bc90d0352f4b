import { mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  PostgresDialect,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import pg from 'pg'
import { makePrivate } from '../../config/private-file.ts'
import { parseInt8 } from './int8.ts'
import { asSqliteDatabase } from './node-sqlite.ts'
import { sqliteFile } from './sqlite-file.ts'

/** A transaction whose process stands still holds its locks this long, then the database ends it. */
const idleInTransactionMs = 10_000
const connectMs = 10_000
/** How long a statement or a transaction waits for another connection to SQLite. */
const busyMs = 5000
const askAgainMs = 10

/** PostgreSQL through a pool of ten connections. */
export function postgresDialect(connectionString: string): PostgresDialect {
  const pool = new pg.Pool({
    connectionString,
    max: 10,
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    types: {
      getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
        oid === pg.types.builtins.INT8
          ? parseInt8
          : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  })
  // Without a listener, a connection that the server closes would end the process, whether it is idle or in a transaction that stands
  // still. The next statement on it fails by itself.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return new PostgresDialect({ pool })
}

/** SQLite in a file of the data folder, which is made when it is missing. */
export function sqliteDialect(dataFolder: string): SqliteDialect {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const file = sqliteFile(dataFolder)
  // SQLite gives the files that it keeps beside it the same mode.
  makePrivate(file)
  const sqlite = new DatabaseSync(file)
  sqlite.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = ${busyMs}`,
  )
  return new TransactionalSqlite({ database: asSqliteDatabase(sqlite) })
}

/**
 * Kysely's SQLite, whose migrations are all or nothing too, and whose transactions wait for those of another connection when they
 * begin. One that begins by reading is refused at its first write, without waiting, when another has written since.
 */
export class TransactionalSqlite extends SqliteDialect {
  readonly #config: ConstructorParameters<typeof SqliteDialect>[0]

  constructor(config: ConstructorParameters<typeof SqliteDialect>[0]) {
    super(config)
    this.#config = config
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter()
  }

  override createDriver(): SqliteDriver {
    return new ImmediateSqliteDriver(this.#config)
  }
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  /** Waits by asking again: SQLite's own waiting holds up the whole thread, which may be the one that it waits for. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const run = (statement: string) => connection.executeQuery(CompiledQuery.raw(statement))
    const until = performance.now() + busyMs
    for (;;) {
      await run('pragma busy_timeout = 0')
      try {
        await run('begin immediate')
        return
      } catch (error) {
        if (!(error instanceof Error && /locked|busy/.test(error.message)) || performance.now() >= until) throw error
      } finally {
        await run(`pragma busy_timeout = ${busyMs}`)
      }
      await sleep(askAgainMs)
    }
  }
}
