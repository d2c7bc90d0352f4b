import { isFarBeyond, recentPeak } from './recent-use.ts'

/** Where a block is written, from the front. The memory is used again for the next block. */
export class BlockOutput {
  bytes = new Uint8Array()
  offset = 0
  #view = new DataView(this.bytes.buffer)
  #recent = 0

  /** Starts a block of `byteLength` bytes; what was written before is lost. */
  begin(byteLength: number): this {
    this.#recent = recentPeak(this.#recent, byteLength)
    const held = this.bytes.length
    if (byteLength > held || isFarBeyond(held, this.#recent)) {
      // A quarter to spare: blocks of one load differ a little in size.
      this.bytes = new Uint8Array(byteLength + (byteLength >>> 2))
      this.#view = new DataView(this.bytes.buffer)
    }
    this.offset = 0
    return this
  }

  /** What was written since `begin`, valid until the next. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.offset)
  }

  raw(source: Uint8Array): void {
    this.bytes.set(source, this.offset)
    this.offset += source.length
  }

  byte(value: number): void {
    this.bytes[this.offset++] = value
  }

  uint16(value: number): void {
    this.#view.setUint16(this.offset, value, true)
    this.offset += 2
  }

  uint32(value: number): void {
    this.#view.setUint32(this.offset, value, true)
    this.offset += 4
  }

  /** A UInt64 whose value is below 2^32, as every count in a block is. */
  uint64(value: number): void {
    this.uint32(value)
    this.uint32(0)
  }

  varint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.byte(rest)
  }
}

/** Bytes that `BlockOutput.varint` takes. */
export function varintLength(value: number): number {
  let length = 1
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length++
  return length
}
