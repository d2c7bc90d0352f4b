import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Block } from '@burstlet/otlp/decode'
import { ClickHouseError } from '@clickhouse/client'
import type { ClickhouseConnection } from '../clickhouse/connection.ts'
import { isConnectionError } from '../clickhouse/reader.ts'
import { grpcCode, IngestError, overloaded } from './status.ts'

interface Waiting {
  readonly block: Block
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

const mostPendingBytes = 128 * 1024 * 1024
const mostBatchBytes = 32 * 1024 * 1024
const patienceMs = 20_000

/**
 * Inserts into one table, one batch at a time: whatever arrives while an insert runs goes into the next. Under load the
 * batches grow by themselves, so the number of parts a second stays small.
 */
export class InsertQueue {
  readonly #table: string
  readonly #connection: ClickhouseConnection
  #waiting: Waiting[] = []
  #pendingBytes = 0
  #running: Promise<void> | undefined

  constructor(table: string, connection: ClickhouseConnection) {
    this.#table = table
    this.#connection = connection
  }

  get accepting(): boolean {
    return this.#pendingBytes < mostPendingBytes
  }

  /** Returns when the engine has the block. @throws IngestError */
  insert(block: Block): Promise<void> {
    if (!this.accepting) return Promise.reject(overloaded(`Inserts into ${this.#table} are behind; send again later.`))
    this.#pendingBytes += block.bytes.length
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ block, done: resolve, failed: reject })
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return promise
  }

  /** Resolves when nothing is left to insert. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch()
      try {
        await this.#send(batch)
        for (const { done } of batch) done()
      } catch (error) {
        await this.#sendApart(batch, error)
      } finally {
        for (const { block } of batch) this.#pendingBytes -= block.bytes.length
      }
    }
  }

  #takeBatch(): Waiting[] {
    let bytes = 0
    let count = 0
    for (const { block } of this.#waiting) {
      if (count > 0 && bytes + block.bytes.length > mostBatchBytes) break
      bytes += block.bytes.length
      count++
    }
    return this.#waiting.splice(0, count)
  }

  /** After a refusal: a block that the engine cannot take must cost its own request alone. */
  async #sendApart(batch: Waiting[], error: unknown): Promise<void> {
    const failure = asIngestError(error, this.#table)
    // An engine that has no room would have none for the parts either.
    if (failure.retryAfter !== undefined || batch.length === 1) {
      for (const { failed } of batch) failed(failure)
      return
    }
    for (const waiting of batch) {
      await this.#send([waiting]).then(waiting.done, (reason) => waiting.failed(asIngestError(reason, this.#table)))
    }
  }

  /**
   * One INSERT. When its answer is lost it is sent again under the same token, by which the engine (its views included)
   * knows what it already has.
   */
  async #send(batch: Waiting[]): Promise<void> {
    const token = randomUUID()
    const giveUpAt = Date.now() + patienceMs
    for (let attempt = 0; ; attempt++) {
      try {
        const { stream } = await this.#connection.writer.exec({
          query: `INSERT INTO ${this.#table} FORMAT Native`,
          values: Readable.from(batch.map(({ block }) => block.bytes)),
          clickhouse_settings: {
            insert_deduplication_token: token,
            deduplicate_blocks_in_dependent_materialized_views: 1,
            async_insert: 0,
          },
        })
        // The answer's body is empty; reading it to its end frees the socket.
        await stream.resume().toArray()
        return
      } catch (error) {
        if (!isConnectionError(error)) throw error
        if (Date.now() > giveUpAt) throw overloaded('ClickHouse cannot be reached; send again later.')
        await sleep(Math.min(50 * 2 ** attempt, 1000))
      }
    }
  }
}

/**
 * What the engine says when it cannot take rows now but may later: 202 too many queries, 241 memory, 243 disk full,
 * 252 too many parts, 425 and 999 trouble with files or replicas.
 */
const passingTrouble = new Set(['202', '241', '243', '252', '425', '999'])

function asIngestError(error: unknown, table: string): IngestError {
  if (error instanceof IngestError) return error
  if (error instanceof ClickHouseError && passingTrouble.has(error.code)) {
    const overload = overloaded(`ClickHouse cannot take rows for ${table} now; send again later.`)
    overload.cause = error
    return overload
  }
  const refusal = new IngestError(500, grpcCode.internal, `ClickHouse refused rows for ${table}.`)
  refusal.cause = error
  return refusal
}
