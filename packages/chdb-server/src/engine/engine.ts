import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type EngineLimits, writeConfigFile } from './config-file.ts'
import { Connection } from './connection.ts'
import { EngineError } from './error.ts'
import { Lanes } from './lanes.ts'
import { openLibrary } from './library.ts'
import { refuseLockedFolder } from './lock.ts'
import { type SessionState, Sessions } from './sessions.ts'

export interface EngineOptions extends EngineLimits {
  dataDirectory: string
}

const readLanes = 8
const writeLanes = 4
const guestLanes = 2
/** Connections that wait for the next read of their kind. */
const idleConnections = 16
/** Milliseconds. */
const cancelAgain = 100
/** Waiting statements, per kind of lane. */
const queueLimit = 256

interface About {
  version: string
  timezone: string
  systemTables: string[]
}

const about = `SELECT version() AS version, timezone() AS timezone, (
  SELECT groupArray(concat(database, '.', name)) FROM system.tables
  WHERE lower(database) IN ('system', 'information_schema') AND name != 'one'
) AS systemTables`

/** The engine in this process: a root connection that holds it open, one for KILL, and one per statement. */
export class Engine {
  readonly version: string
  readonly timezone: string
  /** Of the engine itself, `database.table`; but for system.one, which a SELECT without FROM reads. */
  readonly systemTables: readonly string[]
  readonly options: EngineOptions
  readonly reads = new Lanes('reads', readLanes, queueLimit)
  readonly writes = new Lanes('writes', writeLanes, queueLimit)
  /** People's statements have lanes of their own, so that they never take all of the memory together. */
  readonly guests = new Lanes('statements of people', guestLanes, queueLimit)
  /** KILL gets a lane of its own, or a full house could not be cleared. */
  readonly kills = new Lanes('kills', 1, queueLimit)
  readonly #root: Connection
  readonly #sessions: Sessions
  /** Comments by query id. */
  readonly #running = new Map<string, string>()
  readonly #inUse = new Set<Promise<void>>()
  #lastTag = 0
  #closed = false

  private constructor(options: EngineOptions, path: string, root: Connection, about: About) {
    this.options = options
    this.#sessions = new Sessions([path], idleConnections)
    this.#root = root
    this.version = about.version
    this.timezone = about.timezone
    this.systemTables = about.systemTables
  }

  /** Boots the engine on a folder, making it when missing. Throws when another process has it. */
  static async open(options: EngineOptions): Promise<Engine> {
    const directory = resolve(options.dataDirectory)
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const configFile = join(directory, 'engine-config.xml')
    await writeConfigFile(configFile, options)
    await refuseLockedFolder(directory)
    openLibrary()
    const path = `--path=${directory}`
    const root = await Connection.open([path, `--config-file=${configFile}`])
    return new Engine(options, path, root, JSON.parse(await root.read(about, 'JSONEachRow')) as About)
  }

  /**
   * Runs `use` with a connection that is set to `state` and that nobody else uses.
   * @param reuse whether `use` leaves the connection as it was, unless it fails
   */
  async withConnection(
    state: SessionState,
    reuse: boolean,
    use: (connection: Connection) => Promise<void>,
  ): Promise<void> {
    const running = this.#openAndUse(state, reuse, use)
    this.#inUse.add(running)
    try {
      await running
    } finally {
      this.#inUse.delete(running)
    }
  }

  async #openAndUse(
    state: SessionState,
    reuse: boolean,
    use: (connection: Connection) => Promise<void>,
  ): Promise<void> {
    const connection = await this.#sessions.open(state)
    let unchanged = false
    try {
      await use(connection)
      unchanged = reuse
    } finally {
      if (unchanged) await this.#sessions.keep(state, connection)
      else await connection.close()
    }
  }

  /**
   * Announces a statement, and gives a comment to begin it with, by which `cancel` finds it: the library does not let us
   * choose a query id. Throws when a statement of that id runs.
   */
  register(queryId: string): string {
    if (this.#running.has(queryId)) {
      const text = `Query with id = ${queryId} is already running.`
      throw new EngineError(216, 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING', text)
    }
    const tag = `/*q${++this.#lastTag}*/`
    this.#running.set(queryId, tag)
    return tag
  }

  /** The comment of a running statement. */
  tagOf(queryId: string): string | undefined {
    return this.#running.get(queryId)
  }

  unregister(queryId: string): void {
    this.#running.delete(queryId)
  }

  /** Asks the engine to stop the statement that begins with `tag`. Returns before it has stopped. */
  async cancel(tag: string): Promise<void> {
    try {
      const release = await this.kills.acquire(new AbortController().signal)
      try {
        if (!this.#closed) await this.#root.run(`KILL QUERY WHERE startsWith(query, '${tag}') ASYNC`)
      } finally {
        release()
      }
    } catch (error) {
      // It was over already, or too many are being stopped; whoever wants it stopped asks again.
      if (!(error instanceof EngineError)) throw error
    }
  }

  /**
   * Stops what still runs, and closes the engine. The process may exit afterwards, and not before: the engine crashes
   * when it goes down under an open connection.
   */
  async close(): Promise<void> {
    while (this.#inUse.size > 0) {
      await Promise.all([...this.#running.values()].map((tag) => this.cancel(tag)))
      await Promise.race([Promise.allSettled(this.#inUse), setTimeout(cancelAgain)])
    }
    // A KILL may still be on its way for a statement that ended by itself.
    const release = await this.kills.acquire(new AbortController().signal)
    this.#closed = true
    release()
    await this.#sessions.close()
    await this.#root.close()
  }
}
