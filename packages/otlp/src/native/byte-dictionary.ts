import { tableHash } from '../hash.ts'
import { isSameRange } from './byte-ranges.ts'
import { GrowingBytes } from './growing-bytes.ts'

const INITIAL_SLOTS = 64
const KEPT_SLOTS = 65_536
const GUESSES = 64

/** Gives each distinct run of bytes the next number, counted from 0. */
export class ByteDictionary {
  /** Number of distinct entries. */
  size = 0
  /** Entries that are kept; one more is, and from then on every unknown run of bytes is taken for that one. */
  most = Number.POSITIVE_INFINITY
  /** The entries one after the other, each behind its length: the keys of a LowCardinality as Native writes them. */
  readonly entries = new GrowingBytes()
  #starts: number[] = []
  #ends: number[] = []
  #hashes: number[] = []
  /** Open addressing; a slot holds the number of the entry plus one. */
  #slots = new Int32Array(INITIAL_SLOTS)
  /** The entry, plus one, that was last found for a length and an edge: what repeats is found without hashing it. */
  readonly #guesses = new Int32Array(GUESSES)

  clear(): void {
    if (this.size === 0) return
    this.size = 0
    this.entries.clear()
    this.#starts.length = 0
    this.#ends.length = 0
    this.#hashes.length = 0
    if (this.#slots.length > KEPT_SLOTS) this.#slots = new Int32Array(INITIAL_SLOTS)
    else this.#slots.fill(0)
  }

  startOf(index: number): number {
    return this.#starts[index]!
  }

  endOf(index: number): number {
    return this.#ends[index]!
  }

  /** Whether entry `index` is these bytes. */
  matches(index: number, source: Uint8Array, start: number, end: number): boolean {
    const at = this.#starts[index]!
    if (this.#ends[index]! - at !== end - start) return false
    return isSameRange(this.entries.view, at, source, start, end)
  }

  /** The number of these bytes; they are added when they are new. */
  indexOf(source: Uint8Array, start: number, end: number): number {
    const guess = this.#guesses[guessSlot(source, start, end)]! - 1
    if (guess >= 0 && guess < this.size && this.matches(guess, source, start, end)) return guess
    return this.#lookUp(source, start, end)
  }

  #lookUp(source: Uint8Array, start: number, end: number): number {
    const hash = tableHash(source, start, end)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      if (this.#hashes[entry - 1] === hash && this.matches(entry - 1, source, start, end)) {
        this.#guesses[guessSlot(source, start, end)] = entry
        return entry - 1
      }
      slot = (slot + 1) & mask
    }
    if (this.size > this.most) return this.most
    return this.#add(slot, hash, source, start, end)
  }

  #add(slot: number, hash: number, source: Uint8Array, start: number, end: number): number {
    const index = this.size++
    this.#slots[slot] = index + 1
    this.#guesses[guessSlot(source, start, end)] = index + 1
    this.entries.appendSized(source, start, end)
    this.#ends.push(this.entries.length)
    this.#starts.push(this.entries.length - (end - start))
    this.#hashes.push(hash)
    if (this.size * 2 > this.#slots.length) this.#rehash()
    return index
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let index = 0; index < this.size; index++) {
      let slot = this.#hashes[index]! & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = index + 1
    }
  }
}

/** Looks at the length, the first byte and the last two, in which the short names that repeat mostly differ. */
function guessSlot(source: Uint8Array, start: number, end: number): number {
  if (end - start < 2) return end - start
  return ((end - start) * 31 + source[start]! * 7 + source[end - 1]! * 5 + source[end - 2]!) & (GUESSES - 1)
}
