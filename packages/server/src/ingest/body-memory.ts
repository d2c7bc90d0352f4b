import { MemoryBudget } from './memory-budget.ts'
import { SharedBuffers } from './shared-buffers.ts'
import { overloaded, tooLarge } from './status.ts'

/** What a body's header says is believed up to here; beyond, memory is taken as the bytes arrive. */
const mostExpectedBytes = 1024 * 1024
const firstBytes = 64 * 1024

/** The bodies of all requests in flight, within one budget. */
export class BodyMemory {
  readonly maxBodyBytes: number
  readonly #budget: MemoryBudget
  readonly #buffers = new SharedBuffers()

  /** @param limitBytes of all bodies together; at least two of the largest size fit, one as sent and one inflated */
  constructor(limitBytes: number, maxBodyBytes: number) {
    this.maxBodyBytes = maxBodyBytes
    this.#budget = new MemoryBudget(Math.max(limitBytes, maxBodyBytes * 2))
  }

  /** Bytes held now. */
  get used(): number {
    return this.#budget.used
  }

  /** @param expectedBytes what the sender has announced, if it has */
  arriving(expectedBytes = firstBytes): ArrivingBody {
    return new ArrivingBody(this.maxBodyBytes, Math.min(expectedBytes, mostExpectedBytes), this.#budget, this.#buffers)
  }
}

/** A request body while it arrives and until its request is answered. */
export class ArrivingBody {
  /** The largest that it may become. */
  readonly maxBytes: number
  readonly #expected: number
  readonly #budget: MemoryBudget
  readonly #buffers: SharedBuffers
  #buffer: SharedArrayBuffer | undefined
  #bytes: Uint8Array = new Uint8Array()
  #length = 0

  constructor(maxBytes: number, expected: number, budget: MemoryBudget, buffers: SharedBuffers) {
    this.maxBytes = maxBytes
    this.#expected = expected
    this.#budget = budget
    this.#buffers = buffers
  }

  /** What has arrived, until `release`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** @throws IngestError 413 or 503 */
  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.maxBytes) throw tooLarge(this.maxBytes)
    if (!this.#budget.take(chunk.length)) throw overloaded('Too many bytes are being received; send again later.')
    if (length > this.#bytes.length) this.#grow(length)
    this.#bytes.set(chunk, this.#length)
    this.#length = length
  }

  /** To be called once, when nobody looks at `bytes` any more. */
  release(): void {
    this.#budget.release(this.#length)
    if (this.#buffer) this.#buffers.release(this.#buffer)
    this.#buffer = undefined
    this.#length = 0
  }

  #grow(bytes: number): void {
    const before = this.#buffer
    const buffer = this.#buffers.take(Math.max(bytes, before ? before.byteLength * 2 : this.#expected))
    const larger = new Uint8Array(buffer)
    larger.set(this.bytes)
    if (before) this.#buffers.release(before)
    this.#buffer = buffer
    this.#bytes = larger
  }
}
