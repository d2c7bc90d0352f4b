import { setTimeout as sleep } from 'node:timers/promises'
import { type ChdbServer, failedWriteOf, startChdbServer } from '@burstlet/chdb-server/start'
import type { FastifyBaseLogger } from 'fastify'
import type { ClickhouseConnection, ClickhouseEndpoint } from './connection.ts'

export interface EmbeddedEngineOptions {
  /** Holds the tables. */
  readonly dataDirectory: string
  /** Folder whose files an INSERT may name. */
  readonly localFiles: string
  /** Most memory that it may use, bytes. */
  readonly maxMemory: number
  /** What SQL of people may read. */
  readonly guestTables: readonly string[]
  /** Bytes of the disk that inserts and merges leave free. */
  readonly minFreeDisk: number
  readonly database: string
  readonly pings?: Pings
}

export interface Pings {
  readonly everyMs: number
  /** After which a ping counts as missed. */
  readonly patienceMs: number
  /** Missed ones in a row after which the process is killed. A laptop that slept misses one. */
  readonly beforeKill: number
}

/** A relaunch that takes longer hangs. It is generous: the engine opens every table. */
const launchPatienceMs = 120_000
/** The process answers a ping without asking its engine, so that an engine that is merely busy answers too. */
const defaultPings: Pings = { everyMs: 2000, patienceMs: 5000, beforeKill: 6 }
/** Milliseconds between two tries to start it; each takes half a second of CPU. */
const longestPauseMs = 5000

/**
 * Keeps the embedded engine running: starts it again when it dies, and points the connection at the new address.
 * A crash while it starts is retried too, with growing pauses, so that a disk that was full for a moment heals by itself.
 * One that answers no ping is not asked any more, and is killed when that lasts: what it had not stored is in the spool.
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

  async #launch(signal = this.#stopping.signal): Promise<void> {
    const { database, guestTables, pings: _, ...options } = this.#options
    const server = await startChdbServer({
      ...options,
      guestTables: guestTables.map((table) => `${database}.${table}`),
      signal,
      onLog: (line) => this.#log.debug({ engine: line }, 'embedded engine'),
    })
    this.#server = server
    const { url, writer, reader, guest } = server
    const endpoint: ClickhouseEndpoint = { url, database, writer, reader, guest, readsLocalFiles: true }
    await this.#connection.use(endpoint)
    void this.#watch(server, endpoint)
  }

  /** Until the process ends. */
  async #watch(server: ChdbServer, endpoint: ClickhouseEndpoint): Promise<void> {
    const ended = new AbortController()
    void server.exited.then(() => ended.abort())
    const over = AbortSignal.any([ended.signal, this.#stopping.signal])
    const { everyMs, patienceMs, beforeKill } = this.#options.pings ?? defaultPings
    for (let missed = 0; ; ) {
      await sleep(everyMs, undefined, { signal: over, ref: false }).catch(() => {})
      if (over.aborted) return
      const answered = await answersPing(server.url, patienceMs)
      if (over.aborted) return
      if (answered) {
        if (missed > 0) await this.#connection.use(endpoint)
        missed = 0
        continue
      }
      missed++
      this.#log.error({ pid: server.pid, missed }, 'the embedded engine does not answer')
      // Whoever waits for an answer hears at once that there is none.
      if (missed === 1) await this.#connection.drop()
      if (missed >= beforeKill) return void process.kill(server.pid, 'SIGKILL')
    }
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
        await this.#launch(AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(launchPatienceMs)]))
        this.failedWrite = undefined
        this.#log.info({ pid: this.pid }, 'the embedded engine is back')
        return
      } catch (error) {
        this.#log.error({ err: error }, 'the embedded engine did not start')
        const pause = Math.min(250 * 2 ** attempt, longestPauseMs)
        await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => {})
      }
    }
  }
}

async function answersPing(url: string, patienceMs: number): Promise<boolean> {
  try {
    const response = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(patienceMs) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
