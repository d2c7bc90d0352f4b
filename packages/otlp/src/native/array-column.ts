import type { BlockOutput } from './block-output.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { GrowingWords } from './growing-words.ts'

/** Array: where each row's elements end, then all elements. Append to `elements`, then call `endRow`. */
export class ArrayColumn<Elements extends ColumnBuilder> implements ColumnBuilder {
  readonly elements: Elements
  readonly versioned: boolean
  readonly #ends = new GrowingWords()
  #end = 0

  constructor(elements: Elements) {
    this.elements = elements
    this.versioned = elements.versioned
  }

  get rows(): number {
    return this.#ends.length >>> 1
  }

  /** `added`: elements of this row. Not asked of `elements`, whose kind differs from column to column. */
  endRow(added: number): void {
    this.#end += added
    this.#ends.pushPair(this.#end, 0)
  }

  byteLength(): number {
    return this.rows * 8 + this.elements.byteLength()
  }

  write(output: BlockOutput): void {
    if (this.elements.rows !== this.#end) {
      throw new Error(`an array column has ${this.elements.rows} elements, its rows have ${this.#end}`)
    }
    output.raw(this.#ends.asBytes())
    this.elements.write(output)
  }

  clear(): void {
    this.#ends.clear()
    this.#end = 0
    this.elements.clear()
  }
}
