import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { isUnreachable } from '../unreachable.ts'
import { ClickhouseConnection, type ClickhouseEndpoint } from './connection.ts'

export interface RemoteClickhouseOptions {
  readonly endpoint: ClickhouseEndpoint
  /** Brings the tables up to date, before anybody else speaks to it. */
  readonly prepare: (connection: ClickhouseConnection) => Promise<void>
  /** Whether `start` also succeeds while it cannot be reached; it is used from when it can be. */
  readonly mayBeAway: boolean
  readonly log: FastifyBaseLogger
}

const everyMs = 1000

/** A ClickHouse that others run: it may be away when this process starts. */
export class RemoteClickhouse {
  readonly #options: RemoteClickhouseOptions
  readonly #connection: ClickhouseConnection
  readonly #stopping = new AbortController()
  #reaching = Promise.resolve()

  constructor(options: RemoteClickhouseOptions, connection: ClickhouseConnection) {
    this.#options = options
    this.#connection = connection
  }

  /**
   * Points the connection at it once its tables are up to date.
   * @returns false when it is away and may be
   */
  async start(): Promise<boolean> {
    const { mayBeAway, log } = this.#options
    try {
      await this.#reach()
      return true
    } catch (error) {
      if (!mayBeAway || !isUnreachable(error)) throw error
      log.warn({ err: error }, 'ClickHouse cannot be reached; what is taken waits in the spool until it can')
      this.#reaching = this.#reachLater()
      return false
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#reaching
    await this.#connection.drop()
  }

  async #reach(): Promise<void> {
    const { endpoint, prepare } = this.#options
    // Of its own: rows that were inserted into tables of an older version would be refused.
    const preparing = new ClickhouseConnection()
    try {
      await preparing.use(endpoint)
      await prepare(preparing)
    } finally {
      await preparing.drop()
    }
    await this.#connection.use(endpoint)
  }

  async #reachLater(): Promise<void> {
    const { signal } = this.#stopping
    let said = ''
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {})
      if (signal.aborted) return
      try {
        await this.#reach()
        this.#options.log.info('ClickHouse is there')
        return
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        if (!isUnreachable(error) && message !== said)
          this.#options.log.error({ err: error }, 'ClickHouse cannot be used')
        said = message
      }
    }
  }
}
