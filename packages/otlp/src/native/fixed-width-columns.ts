import type { BlockOutput } from './block-output.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { GrowingBytes } from './growing-bytes.ts'
import { GrowingWords } from './growing-words.ts'

/** UInt8, Bool. */
export class Column8 implements ColumnBuilder {
  readonly versioned = false
  readonly #values = new GrowingBytes()

  get rows(): number {
    return this.#values.length
  }

  append(value: number): void {
    this.#values.push(value)
  }

  byteLength(): number {
    return this.rows
  }

  write(output: BlockOutput): void {
    output.raw(this.#values.bytes.subarray(0, this.rows))
  }

  clear(): void {
    this.#values.clear()
  }
}

/** UInt16. */
export class Column16 implements ColumnBuilder {
  readonly versioned = false
  readonly #values = new GrowingWords()

  get rows(): number {
    return this.#values.length
  }

  append(value: number): void {
    this.#values.push(value)
  }

  byteLength(): number {
    return this.rows * 2
  }

  write(output: BlockOutput): void {
    for (let i = 0; i < this.rows; i++) output.uint16(this.#values.words[i]!)
  }

  clear(): void {
    this.#values.clear()
  }
}

/** UInt32, Int32, DateTime (seconds since 1970). */
export class Column32 implements ColumnBuilder {
  readonly versioned = false
  readonly #values = new GrowingWords()

  get rows(): number {
    return this.#values.length
  }

  append(value: number): void {
    this.#values.push(value)
  }

  byteLength(): number {
    return this.rows * 4
  }

  write(output: BlockOutput): void {
    output.raw(this.#values.asBytes())
  }

  clear(): void {
    this.#values.clear()
  }
}

const float = new Float32Array(1)
const floatBits = new Uint32Array(float.buffer)

/** Float32. */
export class FloatColumn32 extends Column32 {
  override append(value: number): void {
    float[0] = value
    super.append(floatBits[0]!)
  }
}

/** UInt64, Int64, DateTime64 (nanoseconds since 1970), Float64: anything of eight bytes, given as two words. */
export class Column64 implements ColumnBuilder {
  readonly versioned = false
  readonly #values = new GrowingWords()

  get rows(): number {
    return this.#values.length >>> 1
  }

  append(low: number, high: number): void {
    this.#values.pushPair(low, high)
  }

  /** Appends every pair of words in the list. */
  appendAll(list: GrowingWords): void {
    this.#values.pushAll(list)
  }

  byteLength(): number {
    return this.rows * 8
  }

  write(output: BlockOutput): void {
    output.raw(this.#values.asBytes())
  }

  clear(): void {
    this.#values.clear()
  }
}

/** FixedString. */
export class FixedStringColumn implements ColumnBuilder {
  readonly versioned = false
  readonly #width: number
  readonly #values = new GrowingBytes()

  constructor(width: number) {
    this.#width = width
  }

  get rows(): number {
    return this.#values.length / this.#width
  }

  /** Appends the bytes from `start` on; where they are not as many as the width (an invalid id), zeros. */
  append(source: Uint8Array, start: number, end: number): void {
    if (end - start === this.#width) this.#values.append(source, start, end)
    else this.#values.appendZeros(this.#width)
  }

  byteLength(): number {
    return this.#values.length
  }

  write(output: BlockOutput): void {
    output.raw(this.#values.bytes.subarray(0, this.#values.length))
  }

  clear(): void {
    this.#values.clear()
  }
}
