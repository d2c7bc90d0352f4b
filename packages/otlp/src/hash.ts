/**
 * A 64-bit hash in two 32-bit lanes (after MurmurHash3, each lane with its own constants), for identities that are
 * stored: error groups here, and the same in `assembly/hash.ts` for resources, scopes and series. One instance is used
 * for one value after the other. Not for secrets.
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

  /** Takes a text as UTF-8, and its length in bytes, so that neighbours cannot run into each other. */
  text(text: string): this {
    const utf8 = encoder.encode(text)
    const view = new DataView(utf8.buffer, utf8.byteOffset, utf8.length)
    let at = 0
    for (; at + 4 <= utf8.length; at += 4) this.word(view.getInt32(at, true))
    let tail = 0
    for (let shift = 0; at < utf8.length; shift += 8) tail |= utf8[at++]! << shift
    this.word(tail).word(utf8.length)
    // The words before have counted all bytes but those of the tail.
    this.#length += utf8.length & 3
    return this
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
