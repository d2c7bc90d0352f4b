import { DecodeError } from '../decode-error.ts'

const MAX_GROUP_DEPTH = 100

/**
 * Walks protobuf bytes without making objects. `position` moves on; nothing is read beyond `limit`, which `enter` narrows
 * to a nested message and `leave` widens again. Every method throws DecodeError on malformed bytes.
 */
export class ProtobufReader {
  bytes: Uint8Array = new Uint8Array(0)
  position = 0
  limit = 0
  /** Where the bytes of the last `sized` field start. */
  start = 0
  /** The last 64-bit value, as two signed words. */
  low = 0
  high = 0
  #view: DataView = new DataView(new ArrayBuffer(0))

  open(bytes: Uint8Array): void {
    // A view of its own: of a Buffer, `subarray` would be several times slower.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.position = 0
    this.limit = bytes.length
  }

  get more(): boolean {
    return this.position < this.limit
  }

  /** Field number << 3 | wire type. Compare the whole, so that a field of the wrong wire type counts as unknown. */
  tag(): number {
    const tag = this.varint32()
    if (tag >>> 3 === 0) this.fail('a field has the number 0')
    return tag
  }

  /** The low 32 bits of a varint, unsigned. */
  varint32(): number {
    if (this.position < this.limit) {
      const first = this.bytes[this.position]!
      if (first < 0x80) {
        this.position++
        return first
      }
    }
    this.varint64()
    return this.low >>> 0
  }

  /** Leaves the value in `low` and `high`. */
  varint64(): void {
    let low = 0
    let high = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.limit) this.fail('a number is cut off')
      const byte = this.bytes[this.position++]!
      if (shift < 28) low |= (byte & 0x7f) << shift
      else if (shift === 28) {
        low |= (byte & 0x7f) << 28
        high = (byte & 0x7f) >>> 4
      } else if (shift < 67) high |= (byte & 0x7f) << (shift - 32)
      if (byte < 0x80) {
        this.low = low
        this.high = high
        return
      }
    }
    this.fail('a number is longer than ten bytes')
  }

  /** A zigzag-coded sint32. */
  sint32(): number {
    const value = this.varint32()
    return (value >>> 1) ^ -(value & 1)
  }

  fixed32(): number {
    this.#take(4)
    return this.#view.getUint32(this.position - 4, true)
  }

  /** Leaves the value in `low` and `high`. */
  fixed64(): void {
    this.#take(8)
    this.low = this.#view.getInt32(this.position - 8, true)
    this.high = this.#view.getInt32(this.position - 4, true)
  }

  /** The four bytes at `position`, wherever the reader is, as a signed word. */
  wordAt(position: number): number {
    return this.#view.getInt32(position, true)
  }

  /** Copies the next `count` words to `target`. */
  words(target: Uint32Array, start: number, count: number): void {
    this.#take(count * 4)
    const from = this.position - count * 4
    for (let i = 0; i < count; i++) target[start + i] = this.#view.getUint32(from + i * 4, true)
  }

  /** Passes over a string or bytes field: it lies from `start` to the answer. */
  sized(): number {
    const length = this.varint32()
    this.start = this.position
    this.#take(length)
    return this.position
  }

  /** Goes into a nested message; give the answer to `leave` when `more` is false. */
  enter(): number {
    const length = this.varint32()
    if (length > this.limit - this.position) this.fail('a message is cut off')
    const outer = this.limit
    this.limit = this.position + length
    return outer
  }

  leave(outer: number): void {
    this.limit = outer
  }

  /** Passes over a field that is not known. */
  skip(tag: number): void {
    this.#skip(tag, 0)
  }

  fail(what: string): never {
    throw new DecodeError(`not a valid protobuf message: ${what} at byte ${this.position}`)
  }

  #skip(tag: number, depth: number): void {
    switch (tag & 7) {
      case 0:
        this.varint64()
        return
      case 1:
        this.#take(8)
        return
      case 2:
        this.sized()
        return
      case 3:
        this.#skipGroup(tag >>> 3, depth)
        return
      case 5:
        this.#take(4)
        return
      default:
        this.fail(`a field has the wire type ${tag & 7}`)
    }
  }

  #skipGroup(number: number, depth: number): void {
    if (depth >= MAX_GROUP_DEPTH) this.fail(`groups are nested deeper than ${MAX_GROUP_DEPTH}`)
    for (;;) {
      if (!this.more) this.fail('a group is cut off')
      const tag = this.tag()
      if ((tag & 7) !== 4) this.#skip(tag, depth + 1)
      else if (tag >>> 3 === number) return
      else this.fail('a group ends that did not begin')
    }
  }

  #take(count: number): void {
    if (count > this.limit - this.position) this.fail('a field is cut off')
    this.position += count
  }
}
