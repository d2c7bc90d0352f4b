import type { IncomingMessage } from 'node:http'
import { AnnouncedRows } from '@burstlet/otlp/announced-rows'
import { decodeRequest, type Encoding, type Signal } from '@burstlet/otlp/decode'
import { DecodeError } from '@burstlet/otlp/decode-error'
import type { Appender } from './append.ts'
import { MemoryBudget } from './memory-budget.ts'
import { readBody } from './read-body.ts'
import { type Outcome, RecentBodies } from './recent-bodies.ts'
import { overloaded, undecodable } from './status.ts'

/** Bodies of all requests together, compressed and not. */
const inFlightLimitBytes = 512 * 1024 * 1024

export interface ReceiverOptions {
  readonly appender: Appender
  /** Largest request, before and after decompression. */
  readonly maxBodyBytes: number
  /** Tenant; leads every sort key. */
  readonly space: string
}

/** One request from its bytes to the answer: read, decompress, decode, append. */
export class Receiver {
  readonly #options: ReceiverOptions
  readonly #budget: MemoryBudget
  readonly #recent = new RecentBodies()
  readonly #announced = new AnnouncedRows()

  constructor(options: ReceiverOptions) {
    this.#options = options
    // At least one body of the largest size must fit, compressed and not.
    this.#budget = new MemoryBudget(Math.max(inFlightLimitBytes, options.maxBodyBytes * 2))
  }

  /**
   * Returns when everything that was accepted is durable.
   * @throws IngestError
   */
  async receive(signal: Signal, encoding: Encoding, path: string, request: IncomingMessage): Promise<Outcome> {
    if (!this.#options.appender.accepting)
      throw overloaded('The server takes nothing in at the moment; send again later.')
    const held = { bytes: 0 }
    try {
      const body = await readBody(request, this.#options.maxBodyBytes, this.#budget, held)
      const key = RecentBodies.key(this.#options.space, path, body.sent)
      return await this.#recent.once(key, () => this.#store(signal, encoding, body.content))
    } finally {
      this.#budget.release(held.bytes)
    }
  }

  async #store(signal: Signal, encoding: Encoding, content: Uint8Array): Promise<Outcome & { repeatable: boolean }> {
    const decoded = this.#decode(signal, encoding, content)
    await this.#options.appender.append(decoded.blocks)
    this.#announced.confirm(decoded.announces)
    return { rejected: decoded.rejected, message: decoded.message, repeatable: decoded.untimed }
  }

  #decode(signal: Signal, encoding: Encoding, content: Uint8Array) {
    try {
      return decodeRequest(signal, encoding, content, {
        space: this.#options.space,
        receivedNanos: BigInt(Date.now()) * 1_000_000n,
        announced: this.#announced,
      })
    } catch (error) {
      if (error instanceof DecodeError) throw undecodable(error.message)
      throw error
    }
  }
}
