import { isFarBeyond, recentPeak } from './recent-use.ts'

const INITIAL_WORDS = 128

/** A list of 32-bit words that grows geometrically and is used again for the next batch. */
export class GrowingWords {
  words = new Uint32Array(INITIAL_WORDS)
  length = 0
  #recent = 0

  clear(): void {
    this.#recent = recentPeak(this.#recent, this.length)
    this.length = 0
    if (isFarBeyond(this.words.byteLength, this.#recent * 4)) this.words = new Uint32Array(INITIAL_WORDS)
  }

  push(word: number): void {
    if (this.length === this.words.length) this.#grow(1)
    this.words[this.length++] = word
  }

  /** Appends a 64-bit value, low word first: in memory that is its little-endian form. */
  pushPair(low: number, high: number): void {
    const { length } = this
    if (length + 2 > this.words.length) this.#grow(2)
    this.words[length] = low
    this.words[length + 1] = high
    this.length = length + 2
  }

  /** Makes the list longer by `count` words, of any value, and answers where they start. */
  extend(count: number): number {
    const start = this.length
    if (start + count > this.words.length) this.#grow(count)
    this.length = start + count
    return start
  }

  pushAll(list: GrowingWords): void {
    const start = this.extend(list.length)
    const { words } = this
    for (let i = 0; i < list.length; i++) words[start + i] = list.words[i]!
  }

  /** The bytes of the words, as the little-endian machines that ClickHouse runs on hold them. */
  asBytes(): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, this.length * 4)
  }

  #grow(extra: number): void {
    const larger = new Uint32Array(Math.max(this.length + extra, this.words.length * 2))
    larger.set(this.words.subarray(0, this.length))
    this.words = larger
  }
}
