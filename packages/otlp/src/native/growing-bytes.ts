const INITIAL_BYTES = 1024
/** A buffer that one large request made bigger than this is given back when the next request starts. */
const KEPT_BYTES = 4 * 1024 * 1024
/** Below this length a loop is quicker than `set`, which makes a view object first. */
const LOOP_BYTES = 32

const encoder = new TextEncoder()

/** A byte buffer that grows geometrically and is used again for the next request. */
export class GrowingBytes {
  bytes = new Uint8Array(INITIAL_BYTES)
  length = 0

  clear(): void {
    this.length = 0
    if (this.bytes.length > KEPT_BYTES) this.bytes = new Uint8Array(INITIAL_BYTES)
  }

  /** Makes room for `extra` more bytes. */
  reserve(extra: number): void {
    const needed = this.length + extra
    if (needed <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  append(source: Uint8Array, start: number, end: number): void {
    const count = end - start
    this.reserve(count)
    const { bytes } = this
    let at = this.length
    if (count <= LOOP_BYTES) {
      for (let i = start; i < end; i++) bytes[at++] = source[i]!
    } else {
      bytes.set(source.subarray(start, end), at)
    }
    this.length += count
  }

  appendZeros(count: number): void {
    this.reserve(count)
    this.bytes.fill(0, this.length, this.length + count)
    this.length += count
  }

  /** Appends an unsigned LEB128 number below 2^32. */
  appendVarint(value: number): void {
    this.reserve(5)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.bytes[this.length++] = rest
  }

  /** Appends bytes behind their length, as both Native and protobuf write a string. */
  appendSized(source: Uint8Array, start: number, end: number): void {
    this.appendVarint(end - start)
    this.append(source, start, end)
  }

  /** Appends a text as UTF-8 behind its length in bytes. */
  appendText(text: string): void {
    const utf8 = encoder.encode(text)
    this.appendSized(utf8, 0, utf8.length)
  }
}
