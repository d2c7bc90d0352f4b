const INITIAL_WORDS = 128
const KEPT_WORDS = 1024 * 1024

/** A list of 32-bit words that grows geometrically and is used again for the next request. */
export class GrowingWords {
  words = new Uint32Array(INITIAL_WORDS)
  length = 0

  clear(): void {
    this.length = 0
    if (this.words.length > KEPT_WORDS) this.words = new Uint32Array(INITIAL_WORDS)
  }

  push(word: number): void {
    if (this.length === this.words.length) this.#grow()
    this.words[this.length++] = word
  }

  /** Appends a 64-bit value, low word first: in memory that is its little-endian form. */
  pushPair(low: number, high: number): void {
    if (this.length + 1 >= this.words.length) this.#grow()
    this.words[this.length++] = low
    this.words[this.length++] = high
  }

  /** The bytes of the words, as the little-endian machines that ClickHouse runs on hold them. */
  asBytes(): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, this.length * 4)
  }

  #grow(): void {
    const larger = new Uint32Array(this.words.length * 2)
    larger.set(this.words)
    this.words = larger
  }
}
