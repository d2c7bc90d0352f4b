import { viewOf } from './native/byte-ranges.ts'

/**
 * A 64-bit hash in two 32-bit lanes (after MurmurHash3, each lane with its own constants), for identities that are
 * stored: resources, scopes, series, error groups. One instance is used for one value after the other; BigInt would cost
 * an object each. Not for secrets.
 */
export class Hash64 {
  low = 0
  high = 0
  #length = 0

  begin(seed: number): this {
    this.low = seed ^ 0x9747b28c
    this.high = Math.imul(seed + 1, 0x85ebca6b) ^ 0x3c6ef372
    this.#length = 0
    return this
  }

  word(word: number): this {
    this.low = laneA(this.low, word)
    this.high = laneB(this.high, word)
    this.#length += 4
    return this
  }

  /** Takes the first `count` words of a list. */
  words(words: Uint32Array, count: number): this {
    let { low, high } = this
    for (let i = 0; i < count; i++) {
      low = laneA(low, words[i]!)
      high = laneB(high, words[i]!)
    }
    this.low = low
    this.high = high
    this.#length += count * 4
    return this
  }

  /** Takes a range of bytes, and its length, so that neighbours cannot run into each other. */
  bytes(source: Uint8Array, start: number, end: number): this {
    let { low, high } = this
    const view = viewOf(source)
    let at = start
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at, true)
      low = laneA(low, word)
      high = laneB(high, word)
    }
    let tail = 0
    for (let shift = 0; at < end; shift += 8) tail |= source[at++]! << shift
    this.low = laneA(laneA(low, tail), end - start)
    this.high = laneB(laneB(high, tail), end - start)
    this.#length += end - start + 8
    return this
  }

  /** The same as `begin(seed).word(a).word(b).bytes(…).finish()`, which is what every attribute of a series takes. */
  ofBytes(seed: number, a: number, b: number, source: Uint8Array, start: number, end: number): this {
    let low = laneA(laneA(seed ^ 0x9747b28c, a), b)
    let high = laneB(laneB(Math.imul(seed + 1, 0x85ebca6b) ^ 0x3c6ef372, a), b)
    const view = viewOf(source)
    let at = start
    for (; at + 4 <= end; at += 4) {
      const word = view.getInt32(at, true)
      low = laneA(low, word)
      high = laneB(high, word)
    }
    let tail = 0
    for (let shift = 0; at < end; shift += 8) tail |= source[at++]! << shift
    this.low = laneA(laneA(low, tail), end - start)
    this.high = laneB(laneB(high, tail), end - start)
    this.#length = end - start + 16
    return this.finish()
  }

  /** Takes a text as UTF-8. */
  text(text: string): this {
    const utf8 = encoder.encode(text)
    return this.bytes(utf8, 0, utf8.length)
  }

  /** Mixes both lanes into each other; afterwards `low` and `high` (signed words) hold the hash. */
  finish(): this {
    const low = avalanche(this.low ^ this.#length)
    const high = avalanche(this.high ^ Math.imul(low, 0x27d4eb2f))
    this.low = avalanche(low ^ Math.imul(high, 0x165667b1))
    this.high = high
    return this
  }
}

const encoder = new TextEncoder()

function laneA(state: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  const h = state ^ k
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
}

function laneB(state: number, word: number): number {
  let k = Math.imul(word, 0x239b961b)
  k = Math.imul((k << 16) | (k >>> 16), 0xab0e9789)
  const h = state ^ k
  return (Math.imul((h << 17) | (h >>> 15), 5) + 0x0bcaa747) | 0
}

function avalanche(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

// A table that strangers fill must not have a hash that they can foresee.
const tableSeed = Math.floor(Math.random() * 0x7fffffff)

/** A quick 32-bit hash for tables in memory; differs from process to process. */
export function tableHash(source: Uint8Array, start: number, end: number): number {
  let state = tableSeed
  const view = viewOf(source)
  let at = start
  for (; at + 4 <= end; at += 4) state = laneA(state, view.getInt32(at, true))
  let tail = end - start
  while (at < end) tail = (tail << 8) | source[at++]!
  return avalanche(laneA(state, tail))
}
