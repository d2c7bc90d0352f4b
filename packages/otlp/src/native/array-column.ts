import type { BlockOutput } from './block-output.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { GrowingWords } from './growing-words.ts'

/** Array: where each row's elements end, then all elements. Append to `elements`, then call `endRow`. */
export class ArrayColumn<Elements extends ColumnBuilder> implements ColumnBuilder {
  readonly elements: Elements
  readonly versioned: boolean
  readonly #ends = new GrowingWords()

  constructor(elements: Elements) {
    this.elements = elements
    this.versioned = elements.versioned
  }

  get rows(): number {
    return this.#ends.length >>> 1
  }

  endRow(): void {
    this.#ends.pushPair(this.elements.rows, 0)
  }

  byteLength(): number {
    return this.rows * 8 + this.elements.byteLength()
  }

  write(output: BlockOutput): void {
    output.raw(this.#ends.asBytes())
    this.elements.write(output)
  }

  clear(): void {
    this.#ends.clear()
    this.elements.clear()
  }
}
