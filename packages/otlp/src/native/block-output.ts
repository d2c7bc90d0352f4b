/** Where a block is written: a buffer of exactly the right size, filled from the front. */
export class BlockOutput {
  readonly bytes: Uint8Array
  offset = 0
  readonly #view: DataView

  constructor(byteLength: number) {
    this.bytes = new Uint8Array(byteLength)
    this.#view = new DataView(this.bytes.buffer)
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
