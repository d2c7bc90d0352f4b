import { overloaded, tooLarge } from './ingest-error.ts'
import { type BodyBudget, type Sender, SenderBudgets } from './sender-budgets.ts'
import { bufferBytes, SharedBuffers } from './shared-buffers.ts'

/** Where most of the memory is free, what a sender announces is believed up to here; beyond, memory is taken as the bytes arrive. */
const maxExpectedBytes = 1024 * 1024
const firstBytes = 64 * 1024
const crowded = 'Too many bytes are being received; send again later.'

/** The bodies of all requests in flight, within one budget, and each sender's within one of its own. */
export class BodyMemory {
  readonly maxBodyBytes: number
  readonly #budgets: SenderBudgets
  readonly #buffers = new SharedBuffers()
  #used = 0

  /**
   * @param limitBytes of all bodies together; at least two of the largest size fit, one as sent and one inflated. Half of
   * it may come from one peer without a key, a quarter over one connection; two of the largest size at least. The last quarter of
   * the first two is for bodies up to a megabyte.
   */
  constructor(limitBytes: number, maxBodyBytes: number) {
    this.maxBodyBytes = maxBodyBytes
    const atLeast = (bytes: number) => Math.max(bytes, maxBodyBytes * 2)
    this.#budgets = new SenderBudgets({
      total: atLeast(limitBytes),
      peer: atLeast(limitBytes / 2),
      connection: atLeast(limitBytes / 4),
    })
  }

  /** Bytes that have arrived and are held now. */
  get used(): number {
    return this.#used
  }

  /**
   * @param expectedBytes what the sender has announced, if it has
   * @throws IngestError 413 or 503 when what is announced cannot be taken
   */
  arriving(expectedBytes?: number, sender?: Sender): ArrivingBody {
    const budget = this.#budgets.open(sender)
    const body = new ArrivingBody(this.maxBodyBytes, {
      budget,
      buffers: this.#buffers,
      onBytes: (change) => {
        this.#used += change
      },
    })
    try {
      if (expectedBytes !== undefined) body.announce(expectedBytes)
    } catch (error) {
      body.release()
      throw error
    }
    return body
  }
}

interface BodySource {
  readonly budget: BodyBudget
  readonly buffers: SharedBuffers
  /** Is told how many bytes more are held. */
  readonly onBytes: (change: number) => void
}

/** A request body while it arrives and until its request is answered. */
export class ArrivingBody {
  /** The largest that it may become. */
  readonly maxBytes: number
  readonly #source: BodySource
  #expected = firstBytes
  #buffer: SharedArrayBuffer | undefined
  #bytes: Uint8Array = new Uint8Array()
  #length = 0

  constructor(maxBytes: number, source: BodySource) {
    this.maxBytes = maxBytes
    this.#source = source
  }

  /** What has arrived, until `release`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Says how large the body will be: what has no room is refused before its bytes arrive. @throws IngestError 413 or 503 */
  announce(bytes: number): void {
    if (bytes > this.maxBytes) throw tooLarge(this.maxBytes)
    if (!this.#source.budget.has(bytes)) throw overloaded(crowded)
    const isRoomy = this.#source.budget.has(this.#source.budget.limit / 2)
    this.#expected = Math.min(bytes, isRoomy ? maxExpectedBytes : firstBytes)
  }

  /** @throws IngestError 413 or 503 */
  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.maxBytes) throw tooLarge(this.maxBytes)
    const size = length > this.#bytes.length ? this.#sizeFor(length) : this.#bytes.length
    // Beyond the first bytes, what is held counts, and not what is filled of it.
    const held = size > firstBytes ? Math.min(size, this.maxBytes) : length
    if (!this.#source.budget.resize(held)) throw overloaded(crowded)
    if (size > this.#bytes.length) this.#grow(size)
    this.#bytes.set(chunk, this.#length)
    this.#source.onBytes(chunk.length)
    this.#length = length
  }

  /** To be called once, when nobody looks at `bytes` any more. */
  release(): void {
    this.#source.budget.close()
    this.#source.onBytes(-this.#length)
    if (this.#buffer) this.#source.buffers.release(this.#buffer)
    this.#buffer = undefined
    this.#bytes = new Uint8Array()
    this.#length = 0
  }

  #sizeFor(bytes: number): number {
    return bufferBytes(Math.max(bytes, this.#buffer ? this.#buffer.byteLength * 2 : this.#expected))
  }

  #grow(bytes: number): void {
    const before = this.#buffer
    const buffer = this.#source.buffers.take(bytes)
    const larger = new Uint8Array(buffer)
    larger.set(this.bytes)
    if (before) this.#source.buffers.release(before)
    this.#buffer = buffer
    this.#bytes = larger
  }
}
