import { AnnouncedRows } from '@burstlet/otlp/announced-rows'
import { decodeRequest, type Encoding, type Signal } from '@burstlet/otlp/decode'
import { DecodeError } from '@burstlet/otlp/decode-error'
import type { Appender } from './append.ts'
import type { Delivery, Outcome } from './delivery.ts'
import { inflateBody } from './inflate.ts'
import { MemoryBudget } from './memory-budget.ts'
import { RecentBodies } from './recent-bodies.ts'
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

/** One request from its bytes to the answer, whichever protocol brought it: decompress, decode, append. */
export class Receiver {
  /** Bytes of bodies in flight; whoever reads one takes them from here and gives them back after the answer. */
  readonly budget: MemoryBudget
  readonly maxBodyBytes: number
  readonly #options: ReceiverOptions
  readonly #recent = new RecentBodies()
  readonly #announced = new AnnouncedRows()

  constructor(options: ReceiverOptions) {
    this.#options = options
    this.maxBodyBytes = options.maxBodyBytes
    // At least one body of the largest size must fit, compressed and not.
    this.budget = new MemoryBudget(Math.max(inFlightLimitBytes, options.maxBodyBytes * 2))
  }

  /** To be asked before a body is read. @throws IngestError 503 while nothing is taken */
  mustAccept(): void {
    if (!this.#options.appender.accepting)
      throw overloaded('The server takes nothing in at the moment; send again later.')
  }

  /**
   * Returns when everything that was accepted is durable.
   * @throws IngestError
   */
  async receive(delivery: Delivery): Promise<Outcome> {
    this.mustAccept()
    const key = RecentBodies.key(this.#options.space, delivery.signal, delivery.body)
    return await this.#recent.once(key, () => this.#store(delivery))
  }

  async #store({ signal, encoding, compression, body }: Delivery): Promise<Outcome & { repeatable: boolean }> {
    const content = inflateBody(compression, body, this.maxBodyBytes)
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
