import { undecodable } from './ingest-error.ts'

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md */
const frameMagic = 0x184d2204
const isSkippable = (magic: number) => magic >>> 4 === 0x184d2a5
const shortestMatch = 4

/**
 * Decompresses LZ4 frames, one behind the other; blocks may refer to those before them. Checksums are passed over: what
 * comes over TCP is checked already, and lengths that lie are seen. No library that does this has a limit.
 * @returns undefined when there are more than `limitBytes`
 * @throws IngestError 400
 */
export function lz4Decompress(sent: Uint8Array, limitBytes: number): Uint8Array | undefined {
  const input = Buffer.from(sent.buffer, sent.byteOffset, sent.length)
  const output = new Lz4Output(limitBytes)
  let at = 0
  while (at < input.length) {
    const magic = word(input, at)
    if (isSkippable(magic)) at += 8 + word(input, at + 4)
    else if (magic === frameMagic) at = readFrame(input, at + 4, output)
    else throw broken('it has no frame where one should begin')
    if (output.isFull) return undefined
  }
  return output.bytes
}

function readFrame(input: Buffer, start: number, output: Lz4Output): number {
  const flags = byte(input, start)
  if (flags >>> 6 !== 1) throw broken('its version is not known')
  const hasBlockChecksums = (flags & 0x10) !== 0
  const hasContentSize = (flags & 0x08) !== 0
  const hasContentChecksum = (flags & 0x04) !== 0
  if ((flags & 1) !== 0) throw broken('it needs a dictionary')
  // Flags, block size, header checksum.
  let at = start + 3 + (hasContentSize ? 8 : 0)
  output.beginFrame()
  for (;;) {
    const size = word(input, at)
    at += 4
    if (size === 0) break
    const end = at + (size & 0x7fffffff)
    if (end > input.length) throw broken('it is cut off')
    if (size >= 0x80000000) output.append(input, at, end)
    else readBlock(input, at, end, output)
    if (output.isFull) return input.length
    at = end + (hasBlockChecksums ? 4 : 0)
  }
  at += hasContentChecksum ? 4 : 0
  if (at > input.length) throw broken('it is cut off')
  return at
}

/** Runs of literals, each followed by a piece of what came before; the last has none. */
function readBlock(input: Buffer, start: number, end: number, output: Lz4Output): void {
  let at = start
  const length = (first: number): number => {
    let sum = first
    if (first < 15) return sum
    let more: number
    do {
      if (at >= end) throw broken('a length is cut off')
      more = input[at++]!
      sum += more
    } while (more === 255)
    return sum
  }
  while (at < end) {
    const token = input[at++]!
    const literals = length(token >>> 4)
    if (at + literals > end) throw broken('literals are cut off')
    output.append(input, at, at + literals)
    at += literals
    if (at === end || output.isFull) return
    if (at + 2 > end) throw broken('an offset is cut off')
    const offset = input[at]! | (input[at + 1]! << 8)
    at += 2
    output.repeat(offset, length(token & 15) + shortestMatch)
    if (output.isFull) return
  }
}

class Lz4Output {
  readonly #limit: number
  #buffer: Buffer
  #length = 0
  #frameStart = 0
  isFull = false

  constructor(limitBytes: number) {
    this.#limit = limitBytes
    this.#buffer = Buffer.allocUnsafe(Math.min(limitBytes, 64 * 1024))
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  beginFrame(): void {
    this.#frameStart = this.#length
  }

  append(source: Buffer, start: number, end: number): void {
    if (!this.#reserve(end - start)) return
    source.copy(this.#buffer, this.#length, start, end)
    this.#length += end - start
  }

  /** Appends so many bytes that begin `offset` before the end; with more than that, what is appended repeats itself. */
  repeat(offset: number, count: number): void {
    if (offset === 0 || offset > this.#length - this.#frameStart) throw broken('an offset leads out of it')
    if (!this.#reserve(count)) return
    const target = this.#length
    // Each copy doubles what can be copied at once.
    for (let done = 0; done < count; ) {
      const piece = Math.min(offset + done, count - done)
      this.#buffer.copy(this.#buffer, target + done, target - offset, target - offset + piece)
      done += piece
    }
    this.#length += count
  }

  #reserve(count: number): boolean {
    const length = this.#length + count
    this.isFull ||= length > this.#limit
    if (this.isFull) return false
    if (length <= this.#buffer.length) return true
    const larger = Buffer.allocUnsafe(Math.min(this.#limit, Math.max(length, this.#buffer.length * 2)))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
    return true
  }
}

function byte(input: Buffer, at: number): number {
  if (at >= input.length) throw broken('it is cut off')
  return input[at]!
}

function word(input: Buffer, at: number): number {
  if (at + 4 > input.length) throw broken('it is cut off')
  return input.readUInt32LE(at)
}

const broken = (why: string) => undecodable(`The body is not valid lz4: ${why}`)
