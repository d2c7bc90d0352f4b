import { setTimeout as sleep } from 'node:timers/promises'
import { type ChdbServer, failedWriteOf, startChdbServer } from '@burstlet/chdb-server/start'
import type { FastifyBaseLogger } from 'fastify'
import type { ClickhouseConnection } from './connection.ts'

export interface EmbeddedEngineOptions {
  /** Holds the tables. */
  readonly dataDirectory: string
  /** Folder whose files an INSERT may name. */
  readonly localFiles: string
  /** Most memory that it may use, bytes. */
  readonly maxMemory: number
  /** Bytes of the disk that inserts and merges leave free. */
  readonly minFreeDisk: number
  readonly database: string
}

/**
 * Keeps the embedded engine running: starts it again when it dies, and points the connection at the new address.
 * A crash while it starts is retried too, with growing pauses, so that a disk that was full for a moment heals by itself.
 */
export class EmbeddedEngine {
  readonly #options: EmbeddedEngineOptions
  readonly #connection: ClickhouseConnection
  readonly #log: FastifyBaseLogger
  readonly #stopping = new AbortController()
  #server: ChdbServer | undefined
  #supervision: Promise<void> = Promise.resolve()
  /** Why it is away, when that is known: it could not write. */
  failedWrite: string | undefined
  /** How often it had to be started again. */
  restarts = 0

  constructor(options: EmbeddedEngineOptions, connection: ClickhouseConnection, log: FastifyBaseLogger) {
    this.#options = options
    this.#connection = connection
    this.#log = log
  }

  /** Process id of the engine of the moment. */
  get pid(): number | undefined {
    return this.#server?.pid
  }

  /** Starts the engine and its supervision. @throws Error when the first start fails, with the engine's own line */
  async start(): Promise<void> {
    await this.#launch()
    this.#supervision = this.#supervise()
  }

  /** Ends the engine; nothing restarts it afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#connection.drop()
    await this.#server?.stop()
    await this.#supervision
  }

  async #launch(): Promise<void> {
    const { database, ...options } = this.#options
    const server = await startChdbServer({
      ...options,
      signal: this.#stopping.signal,
      onLog: (line) => this.#log.debug({ engine: line }, 'embedded engine'),
    })
    this.#server = server
    const { url, writer, reader } = server
    await this.#connection.use({ url, database, writer, reader, readsLocalFiles: true })
  }

  async #supervise(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const exit = (await this.#server?.exited) ?? { code: null, signal: null }
      if (this.#stopping.signal.aborted) return
      this.failedWrite = failedWriteOf(exit)
      this.#log.error({ ...exit, reason: this.failedWrite }, 'the embedded engine ended; starting it again')
      await this.#connection.drop()
      await this.#relaunch()
    }
  }

  async #relaunch(): Promise<void> {
    for (let attempt = 0; !this.#stopping.signal.aborted; attempt++) {
      try {
        this.restarts++
        await this.#launch()
        this.failedWrite = undefined
        this.#log.info({ pid: this.pid }, 'the embedded engine is back')
        return
      } catch (error) {
        this.#log.error({ err: error }, 'the embedded engine did not start')
        const pause = Math.min(250 * 2 ** attempt, 15_000)
        await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => {})
      }
    }
  }
}
