import type { Block } from '@burstlet/otlp/decode'
import type { ClickhouseConnection } from '../clickhouse/connection.ts'
import { InsertQueue } from './insert-queue.ts'

/** Where decoded telemetry goes. The one seam between receiving and storing. */
export interface Appender {
  /**
   * Returns only after every block is durable: from then on a crash of any process loses none of it.
   * @throws IngestError 503 when it could not be stored now, 500 when the engine refuses these blocks
   */
  append(blocks: readonly Block[]): Promise<void>
  /** Whether blocks are being taken. */
  readonly accepting: boolean
  /** Stores what was taken and takes no more. */
  stop(): Promise<void>
}

/** Tables that others point at by hash: their rows must be there before the rows that carry the hash. */
const pointedAt = new Set(['resources', 'scopes', 'metric_series'])

/** Inserts into ClickHouse and returns when it has them. */
export class EngineAppender implements Appender {
  readonly #queues = new Map<string, InsertQueue>()
  readonly #connection: ClickhouseConnection
  #stopped = false

  constructor(connection: ClickhouseConnection) {
    this.#connection = connection
  }

  get accepting(): boolean {
    return !this.#stopped && [...this.#queues.values()].every((queue) => queue.accepting)
  }

  async append(blocks: readonly Block[]): Promise<void> {
    await this.#insertAll(blocks.filter((block) => pointedAt.has(block.table)))
    await this.#insertAll(blocks.filter((block) => !pointedAt.has(block.table)))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.#queues.values()].map((queue) => queue.idle()))
  }

  async #insertAll(blocks: readonly Block[]): Promise<void> {
    const results = await Promise.allSettled(blocks.map((block) => this.#queueOf(block.table).insert(block)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  #queueOf(table: string): InsertQueue {
    let queue = this.#queues.get(table)
    if (!queue) {
      queue = new InsertQueue(table, this.#connection)
      this.#queues.set(table, queue)
    }
    return queue
  }
}
