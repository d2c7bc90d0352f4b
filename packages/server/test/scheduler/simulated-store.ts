import { DatabaseSync } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'
import type { Database } from '../../src/storage/database/database.ts'
import { migrate } from '../../src/storage/database/database.ts'
import { TransactionalSqlite } from '../../src/storage/database/dialects.ts'
import { migrations } from '../../src/storage/database/migrations.ts'
import { asSqliteDatabase } from '../../src/storage/database/node-sqlite.ts'
import type { Tables } from '../../src/storage/database/tables.ts'
import type { Random } from '../rows/random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { VirtualTime } from './virtual-time.ts'

/** As PostgreSQL is told: a transaction in which nothing happens for so long is rolled back. */
const idleInTransactionMs = 10_000

/** What may go wrong with a statement. */
export interface StoreWeather {
  /** Until an answer is there, ms. */
  latencyMs: number
  /** Share of statements whose connection breaks before they are carried out, and after. */
  lost: number
  unanswered: number
  /** Nothing is answered, and every connection ends. */
  isDown: boolean
}

/** One real SQLite, asked by many processes over a network with faults; transactions one after the other. */
export class SimulatedStore {
  readonly weather: StoreWeather = { latencyMs: 2, lost: 0, unanswered: 0, isDown: false }
  /** Of the database's clock against virtual time, ms. */
  clockOffset = 1_800_000_000_000
  /** How often the clock was set. */
  clockChanges = 0
  statements = 0
  /** After which a connection that nothing comes back on is taken for broken. */
  giveUpMs = 90_000
  readonly time: VirtualTime
  readonly random: Random
  readonly #sqlite = new DatabaseSync(':memory:')
  #connection: DatabaseConnection | undefined
  /** Whose transaction is open. */
  #owner: SimulatedConnection | undefined
  readonly #queue: (() => void)[] = []

  constructor(time: VirtualTime, random: Random) {
    this.time = time
    this.random = random
    this.#sqlite.function(
      'unixepoch',
      { varargs: true, deterministic: false },
      () => (this.clockOffset + time.now) / 1000,
    )
  }

  /** Makes the tables, and some of the test's own. */
  async prepare(statements: readonly string[]): Promise<void> {
    await migrate(
      new Kysely<Tables>({ dialect: new TransactionalSqlite({ database: asSqliteDatabase(this.#sqlite) }) }),
      migrations,
    )
    for (const statement of statements) this.#sqlite.exec(statement)
    const driver = new SqliteDriver({ database: asSqliteDatabase(this.#sqlite) })
    await driver.init()
    this.#connection = await driver.acquireConnection()
  }

  /** What a process opens. */
  open(process: SimulatedProcess): Database {
    return new Kysely<Tables>({ dialect: new SimulatedDialect(this, process) })
  }

  /** Looks without anybody noticing. A transaction must not be open. */
  look<Row>(query: string): Row[] {
    return this.#sqlite.prepare(query).all() as Row[]
  }

  /** Whether a transaction is open. */
  get isBusy(): boolean {
    return this.#owner !== undefined
  }

  close(): void {
    this.#sqlite.close()
  }

  /** Carries a statement out before it returns. */
  execute(query: CompiledQuery): Promise<QueryResult<unknown>> {
    this.statements += 1
    return this.#connection!.executeQuery(query)
  }

  /** Whether another connection than this one has a transaction open. */
  isTaken(connection: SimulatedConnection): boolean {
    return this.#owner !== undefined && this.#owner !== connection
  }

  /** Resolves when a transaction ends; others may have begun one since. */
  get freed(): Promise<void> {
    return new Promise((resolve) => this.#queue.push(resolve))
  }

  begins(connection: SimulatedConnection): void {
    this.#owner = connection
  }

  ends(): void {
    this.#owner = undefined
    for (const next of this.#queue.splice(0)) next()
  }
}

/** A connection as the database sees it. It breaks at the first fault, and a transaction with it. */
class SimulatedConnection implements DatabaseConnection {
  readonly #store: SimulatedStore
  readonly #process: SimulatedProcess
  #isBroken = false
  #isInTransaction = false
  #lastStatement = 0

  constructor(store: SimulatedStore, process: SimulatedProcess) {
    this.#store = store
    this.#process = process
  }

  executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      this.#request(query).then(
        (result) => this.#process.goOn(() => resolve(result as QueryResult<Row>)),
        (error) => this.#process.goOn(() => reject(error)),
      )
    })
  }

  // biome-ignore lint/correctness/useYield: nothing is streamed
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('nothing is streamed')
  }

  async #request(query: CompiledQuery): Promise<unknown> {
    const { time, random, weather } = this.#store
    await time.sleep(weather.latencyMs * random.next())
    if (this.#process.isCutOff) {
      // Nothing comes back, until the kernel gives up.
      await time.sleep(this.#store.giveUpMs)
      await this.#break()
    }
    if (weather.isDown || random.chance(weather.lost)) await this.#break()
    if (this.#isBroken) throw new Error('the connection is broken')
    while (this.#store.isTaken(this)) await this.#store.freed
    if (this.#isBroken) throw new Error('the connection is broken')
    // The database notices that a process is gone when it reads from its connection.
    if (this.#process.isDead) {
      await this.#break()
      return undefined
    }
    const begins = query.sql === 'begin immediate'
    if (begins) {
      this.#store.begins(this)
      this.#isInTransaction = true
      void this.#watch()
    }
    this.#lastStatement = time.now
    const result = await this.#store.execute(query)
    if (query.sql === 'commit' || query.sql === 'rollback') this.#over()
    if (random.chance(weather.unanswered)) {
      await this.#break()
      throw new Error('the answer is lost')
    }
    await time.sleep(weather.latencyMs * random.next())
    return result
  }

  async #break(): Promise<void> {
    this.#isBroken = true
    if (!this.#isInTransaction) return
    await this.#store.execute(CompiledQuery.raw('rollback'))
    this.#over()
  }

  #over(): void {
    if (!this.#isInTransaction) return
    this.#isInTransaction = false
    this.#store.ends()
  }

  async #watch(): Promise<void> {
    while (this.#isInTransaction) {
      await this.#store.time.sleep(1000)
      const isIdle = this.#store.time.now - this.#lastStatement >= idleInTransactionMs
      if (this.#isInTransaction && (isIdle || this.#process.isDead)) await this.#break()
    }
  }
}

class SimulatedDialect extends SqliteDialect {
  readonly #store: SimulatedStore
  readonly #process: SimulatedProcess

  constructor(store: SimulatedStore, process: SimulatedProcess) {
    super({ database: asSqliteDatabase(new DatabaseSync(':memory:', { open: false })) })
    this.#store = store
    this.#process = process
  }

  override createAdapter(): SqliteAdapter {
    return new ManyConnections()
  }

  override createDriver(): Driver {
    return new SimulatedDriver(this.#store, this.#process)
  }
}

class ManyConnections extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

class SimulatedDriver implements Driver {
  readonly #store: SimulatedStore
  readonly #process: SimulatedProcess

  constructor(store: SimulatedStore, process: SimulatedProcess) {
    this.#store = store
    this.#process = process
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SimulatedConnection(this.#store, this.#process)
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}
