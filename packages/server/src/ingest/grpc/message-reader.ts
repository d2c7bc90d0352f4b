import type { ArrivingBody } from '../bodies/body-memory.ts'
import { grpcCode, IngestError } from '../bodies/ingest-error.ts'

const headBytes = 5

/** Takes the one message of a unary call out of its frame while it arrives: a flag, four bytes of length, the message. */
export class MessageReader {
  readonly #body: ArrivingBody
  readonly #head = Buffer.alloc(headBytes)
  #headLength = 0
  #left = 0

  constructor(body: ArrivingBody) {
    this.#body = body
  }

  /** Whether its flag says that the message is compressed. */
  get isCompressed(): boolean {
    return this.#head[0] === 1
  }

  /** @throws IngestError when the message is none, or has no room */
  append(chunk: Buffer): void {
    let rest = chunk
    if (this.#headLength < headBytes) {
      const count = chunk.copy(this.#head, this.#headLength)
      this.#headLength += count
      rest = chunk.subarray(count)
      if (this.#headLength < headBytes) return
      this.#begin()
    }
    if (rest.length > this.#left) throw malformed('The call has bytes behind its message; Export takes one message.')
    if (rest.length > 0) this.#body.append(rest)
    this.#left -= rest.length
  }

  /** To be called when nothing more comes. @throws IngestError when something is missing */
  end(): void {
    if (this.#headLength === 0) throw malformed('The call has no message.')
    if (this.#headLength < headBytes || this.#left > 0) throw malformed('The call ended before its message did.')
  }

  #begin(): void {
    if (this.#head[0]! > 1) throw malformed(`A message begins with 0 or 1; this one begins with ${this.#head[0]}.`)
    this.#left = this.#head.readUInt32BE(1)
    this.#body.announce(this.#left)
  }
}

/** What the framing forbids; a client that sends it is at fault, and sending it again would not help. */
function malformed(message: string): IngestError {
  return new IngestError(400, grpcCode.internal, message)
}
