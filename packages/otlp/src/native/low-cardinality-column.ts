import type { BlockOutput } from './block-output.ts'
import { ByteDictionary } from './byte-dictionary.ts'
import type { ColumnBuilder } from './column-builder.ts'
import { GrowingWords } from './growing-words.ts'

const HAS_ADDITIONAL_KEYS = 1 << 9
const encoder = new TextEncoder()

/** Bytes of a dictionary-encoded column: flags, key count, keys, row count, indexes. Nothing at all for no rows. */
export function lowCardinalityLength(keyCount: number, keyBytes: number, rows: number): number {
  return rows === 0 ? 0 : 24 + keyBytes + rows * indexWidth(keyCount)
}

/** Writes what `lowCardinalityLength` counts; `keys` are the keys in order, each behind its length. */
export function writeLowCardinality(
  output: BlockOutput,
  keyCount: number,
  writeKeys: (output: BlockOutput) => void,
  indexes: GrowingWords,
): void {
  if (indexes.length === 0) return
  const width = indexWidth(keyCount)
  output.uint64(HAS_ADDITIONAL_KEYS | (width >>> 1))
  output.uint64(keyCount)
  writeKeys(output)
  output.uint64(indexes.length)
  const { words, length } = indexes
  if (width === 4) output.raw(indexes.asBytes())
  else if (width === 2) for (let i = 0; i < length; i++) output.uint16(words[i]!)
  else for (let i = 0; i < length; i++) output.byte(words[i]!)
}

/** Bytes of an index: 1, 2 or 4. Half of it is also its type number in the flags (UInt8 0, UInt16 1, UInt32 2). */
function indexWidth(keyCount: number): 1 | 2 | 4 {
  if (keyCount <= 0x100) return 1
  return keyCount <= 0x10000 ? 2 : 4
}

/** LowCardinality(String). */
export class LowCardinalityColumn implements ColumnBuilder {
  readonly versioned = true
  readonly #dictionary = new ByteDictionary()
  readonly #indexes = new GrowingWords()
  #last = 0
  /** Where the last value came from: what is the same for a whole resource is not even compared. */
  #lastSource: Uint8Array | undefined
  #lastStart = 0
  #lastEnd = 0

  get rows(): number {
    return this.#indexes.length
  }

  append(source: Uint8Array, start: number, end: number): void {
    if (source !== this.#lastSource || start !== this.#lastStart || end !== this.#lastEnd) {
      this.#last = this.#dictionary.indexOf(source, start, end)
      this.#lastSource = source
      this.#lastStart = start
      this.#lastEnd = end
    }
    this.#indexes.push(this.#last)
  }

  appendText(text: string): void {
    const utf8 = encoder.encode(text)
    this.append(utf8, 0, utf8.length)
  }

  byteLength(): number {
    return lowCardinalityLength(this.#dictionary.size, this.#dictionary.entries.length, this.rows)
  }

  write(output: BlockOutput): void {
    const { entries, size } = this.#dictionary
    writeLowCardinality(output, size, () => output.raw(entries.bytes.subarray(0, entries.length)), this.#indexes)
  }

  clear(): void {
    this.#dictionary.clear()
    this.#indexes.clear()
    this.#lastSource = undefined
  }
}
