import { HashSet64 } from './hash-set.ts'

/** What the attributes of records may be; a record with more is rejected. */
export interface MostAttributes {
  /** In one record, resource or scope. */
  readonly perRecord: number
  /** Bytes of a key. */
  readonly keyBytes: number
  /** Bytes of a value, and of a log's body. */
  readonly valueBytes: number
  /** Different keys of a signal of a space. */
  readonly keys: number
}

/**
 * Far above what instrumentations send (SDKs stop at 128 attributes a record), and low enough that one sender cannot
 * take the room of all. A part of a ClickHouse table has one dictionary of keys up to 8,192 of them, and several beyond:
 * every query that looks for a key is slower from there on.
 */
export const maxAttributesByDefault: MostAttributes = {
  perRecord: 1024,
  keyBytes: 1024,
  valueBytes: 4 * 1024 * 1024,
  keys: 8192,
}

export const unboundedAttributes: MostAttributes = {
  perRecord: Number.POSITIVE_INFINITY,
  keyBytes: Number.POSITIVE_INFINITY,
  valueBytes: Number.POSITIVE_INFINITY,
  keys: Number.POSITIVE_INFINITY,
}

const secondsPerDay = 86_400

/**
 * Knows the attribute keys that a thread has seen, by space and signal, and says when there are enough. A key that was in use
 * yesterday keeps its place, so that a flood of new ones never shuts out those that are old.
 */
export class AttributeLimits {
  readonly most: MostAttributes
  #day = 0
  readonly #signals = new Map<string, KeysOfDays>()

  constructor(most: MostAttributes = maxAttributesByDefault) {
    this.most = most
  }

  /**
   * Whether records of the signal in the space may have this key, whose hash it is; from now on it counts.
   * @param received seconds since 1970
   */
  admits(space: string, signal: string, low: number, high: number, received: number): boolean {
    const day = Math.floor(received / secondsPerDay)
    if (day > this.#day) {
      this.#day = day
      for (const keys of this.#signals.values()) keys.nextDay()
    }
    const name = `${signal} ${space}`
    let keys = this.#signals.get(name)
    if (keys === undefined) {
      keys = new KeysOfDays()
      this.#signals.set(name, keys)
    }
    return keys.admits(low, high, this.most.keys)
  }
}

const owner = 1

class KeysOfDays {
  #today = new HashSet64()
  #yesterday = new HashSet64()
  /** Of yesterday's, those that have not come today; each has its place. */
  #missing = 0

  nextDay(): void {
    this.#yesterday = this.#today
    this.#missing = this.#yesterday.size
    this.#today = new HashSet64()
  }

  admits(low: number, high: number, most: number): boolean {
    if (this.#today.has(low, high, owner)) return true
    if (this.#yesterday.has(low, high, owner)) this.#missing--
    else if (this.#today.size + this.#missing >= most) return false
    return this.#today.add(low, high, owner)
  }
}
