import type { BlockOutput } from './block-output.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { GrowingBytes } from './growing-bytes.ts'

/** String: its length, then its bytes as they came; nothing is decoded on the way. */
export class StringColumn implements ColumnBuilder {
  readonly versioned = false
  rows = 0
  readonly #values = new GrowingBytes()

  append(source: Uint8Array, start: number, end: number): void {
    this.#values.appendSized(source, start, end)
    this.rows++
  }

  appendText(text: string): void {
    if (text === '') this.#values.push(0)
    else this.#values.appendText(text)
    this.rows++
  }

  byteLength(): number {
    return this.#values.length
  }

  write(output: BlockOutput): void {
    output.raw(this.#values.bytes.subarray(0, this.#values.length))
  }

  clear(): void {
    this.rows = 0
    this.#values.clear()
  }
}

/** Nullable(String): a byte a row that is 1 for NULL, then the strings. */
export class NullableStringColumn implements ColumnBuilder {
  readonly versioned = false
  readonly #nulls = new GrowingBytes()
  readonly #values = new StringColumn()

  get rows(): number {
    return this.#values.rows
  }

  append(source: Uint8Array, start: number, end: number): void {
    this.#nulls.push(0)
    this.#values.append(source, start, end)
  }

  appendNull(): void {
    this.#nulls.push(1)
    this.#values.appendText('')
  }

  byteLength(): number {
    return this.#nulls.length + this.#values.byteLength()
  }

  write(output: BlockOutput): void {
    output.raw(this.#nulls.bytes.subarray(0, this.#nulls.length))
    this.#values.write(output)
  }

  clear(): void {
    this.#nulls.clear()
    this.#values.clear()
  }
}
