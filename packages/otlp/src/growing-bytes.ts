const initialBytes = 1024
const maxVarintBytes = 5

const encoder = new TextEncoder()

/** A byte buffer that grows geometrically. */
export class GrowingBytes {
  bytes: Uint8Array<ArrayBuffer>
  length = 0

  /** @param capacity bytes that it has room for at first */
  constructor(capacity = initialBytes) {
    this.bytes = new Uint8Array(capacity)
  }

  /** Makes room for `extra` more bytes. */
  reserve(extra: number): void {
    if (this.length + extra > this.bytes.length) this.#grow(extra)
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) this.#grow(1)
    this.bytes[this.length++] = byte
  }

  /** Appends an unsigned LEB128 number below 2^32. */
  appendVarint(value: number): void {
    this.reserve(maxVarintBytes)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  /** Appends bytes behind their length, as protobuf writes a string. */
  appendSized(source: Uint8Array, start: number, end: number): void {
    this.appendVarint(end - start)
    this.reserve(end - start)
    this.bytes.set(source.subarray(start, end), this.length)
    this.length += end - start
  }

  /** Appends a text as UTF-8 behind its length in bytes. */
  appendText(text: string): void {
    const utf8 = encoder.encode(text)
    this.appendSized(utf8, 0, utf8.length)
  }

  #grow(extra: number): void {
    const larger = new Uint8Array(Math.max(this.length + extra, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }
}
