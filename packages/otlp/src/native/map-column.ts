import type { BlockOutput } from './block-output.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { GrowingWords } from './growing-words.ts'
import type { KeyDictionary } from './key-dictionary.ts'
import { lowCardinalityLength, writeLowCardinality } from './low-cardinality-column.ts'

/**
 * Map(LowCardinality(String), V): where each row's pairs end, then all keys, then all values. For each pair call
 * `appendKey` and append to `values`; then call `endRow`. Only the keys that this map uses are written with it.
 */
export class MapColumn<Values extends ColumnBuilder> implements ColumnBuilder {
  readonly versioned = true
  readonly values: Values
  readonly #keys: KeyDictionary
  readonly #ends = new GrowingWords()
  readonly #indexes = new GrowingWords()
  /** Number of a key in this map, by its number in the request's dictionary; absent: not used here. */
  readonly #local: number[] = []
  readonly #used: number[] = []
  #keyBytes = 0

  constructor(keys: KeyDictionary, values: Values) {
    this.#keys = keys
    this.values = values
  }

  get rows(): number {
    return this.#ends.length >>> 1
  }

  appendKey(key: number): void {
    const local = this.#local[key]
    if (local !== undefined && local >= 0) {
      this.#indexes.push(local)
      return
    }
    while (this.#local.length < key) this.#local.push(-1)
    this.#local[key] = this.#used.length
    this.#indexes.push(this.#used.length)
    this.#used.push(key)
    this.#keyBytes += this.#keys.entry(key).length
  }

  endRow(): void {
    this.#ends.pushPair(this.#indexes.length, 0)
  }

  byteLength(): number {
    const keys = lowCardinalityLength(this.#used.length, this.#keyBytes, this.#indexes.length)
    return this.rows * 8 + keys + this.values.byteLength()
  }

  write(output: BlockOutput): void {
    output.raw(this.#ends.asBytes())
    writeLowCardinality(
      output,
      this.#used.length,
      () => {
        for (const key of this.#used) output.raw(this.#keys.entry(key))
      },
      this.#indexes,
    )
    this.values.write(output)
  }

  clear(): void {
    this.#ends.clear()
    this.#indexes.clear()
    this.values.clear()
    this.#local.length = 0
    this.#used.length = 0
    this.#keyBytes = 0
  }
}
