import { copyRange } from './byte-ranges.ts'
import { isFarBeyond, recentPeak } from './recent-use.ts'

const INITIAL_BYTES = 1024
const MAX_VARINT_BYTES = 5

const encoder = new TextEncoder()

/** A byte buffer that grows geometrically and is used again for the next batch. */
export class GrowingBytes {
  bytes = new Uint8Array(INITIAL_BYTES)
  /** Of all of `bytes`. */
  view = new DataView(this.bytes.buffer)
  length = 0
  #recent = 0

  clear(): void {
    this.#recent = recentPeak(this.#recent, this.length)
    this.length = 0
    if (isFarBeyond(this.bytes.length, this.#recent)) this.#hold(new Uint8Array(INITIAL_BYTES))
  }

  /** Makes room for `extra` more bytes. */
  reserve(extra: number): void {
    if (this.length + extra > this.bytes.length) this.#grow(extra)
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.#grow(1)
    this.bytes[this.length++] = byte
  }

  append(source: Uint8Array, start: number, end: number): void {
    const count = end - start
    this.reserve(count)
    copyRange(this.view, this.length, source, start, end)
    this.length += count
  }

  appendZeros(count: number): void {
    this.reserve(count)
    for (let i = 0; i < count; i++) this.bytes[this.length++] = 0
  }

  /** Appends an unsigned LEB128 number below 2^32. */
  appendVarint(value: number): void {
    this.reserve(MAX_VARINT_BYTES)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  /** Appends bytes behind their length, as both Native and protobuf write a string. */
  appendSized(source: Uint8Array, start: number, end: number): void {
    const count = end - start
    this.reserve(count + MAX_VARINT_BYTES)
    if (count < 0x80) this.bytes[this.length++] = count
    else this.appendVarint(count)
    copyRange(this.view, this.length, source, start, end)
    this.length += count
  }

  /** Appends a text as UTF-8 behind its length in bytes. */
  appendText(text: string): void {
    const utf8 = encoder.encode(text)
    this.appendSized(utf8, 0, utf8.length)
  }

  #grow(extra: number): void {
    const larger = new Uint8Array(Math.max(this.length + extra, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.#hold(larger)
  }

  #hold(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer)
  }
}
