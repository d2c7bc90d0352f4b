import { Hash64 } from '../hash.ts'
import { ByteDictionary } from './byte-dictionary.ts'

/** @param low, high the hash of the key, whose length is in bytes */
type RoleOf = (key: string, length: number, low: number, high: number) => number

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The attribute keys of one request. A key is looked up once per attribute, whichever map its value then goes to; what
 * follows from the key alone (its hash, its role) is worked out when it is first seen.
 */
export class KeyDictionary {
  readonly #keys = new ByteDictionary()
  readonly #hash = new Hash64()
  readonly #hashLow: number[] = []
  readonly #hashHigh: number[] = []
  readonly #roles: number[] = []
  readonly #roleOf: RoleOf
  /** Which key came after a key the last time: most records of a request list the same keys in the same order. */
  readonly #follower: number[] = []

  /** `roleOf` tells a number for a key that the writer treats in a special way, else 0. */
  constructor(roleOf: RoleOf) {
    this.#roleOf = roleOf
  }

  /** Keys that are told apart until `clear`; all others count as one, whose role says so. */
  set most(keys: number) {
    this.#keys.most = keys
  }

  /** Whether there were more keys than are told apart. */
  get isOverfull(): boolean {
    return this.#keys.size > this.#keys.most
  }

  get size(): number {
    return this.#keys.size
  }

  /** The number of the key in these bytes, given the number of the key before it in the same record (-1: the first). */
  indexOf(source: Uint8Array, start: number, end: number, previous: number): number {
    const guess = this.#follower[previous + 1]
    if (guess !== undefined && guess >= 0 && this.#keys.matches(guess, source, start, end)) return guess
    const before = this.#keys.size
    const index = this.#keys.indexOf(source, start, end)
    if (index === before) this.#learn(source, start, end)
    this.#follower[previous + 1] = index
    return index
  }

  hashLow(index: number): number {
    return this.#hashLow[index]!
  }

  hashHigh(index: number): number {
    return this.#hashHigh[index]!
  }

  role(index: number): number {
    return this.#roles[index]!
  }

  /** The key behind its length in bytes, as Native writes it. */
  entry(index: number): Uint8Array {
    const start = index === 0 ? 0 : this.#keys.endOf(index - 1)
    return this.#keys.entries.bytes.subarray(start, this.#keys.endOf(index))
  }

  text(index: number): string {
    return decoder.decode(this.#keys.entries.bytes.subarray(this.#keys.startOf(index), this.#keys.endOf(index)))
  }

  clear(): void {
    this.#keys.clear()
    for (const list of [this.#hashLow, this.#hashHigh, this.#roles, this.#follower]) list.length = 0
  }

  /** Works out the roles of all keys that have this one again. */
  reconsider(role: number): void {
    for (let index = this.#roles.indexOf(role); index >= 0; index = this.#roles.indexOf(role, index + 1)) {
      const length = this.#keys.endOf(index) - this.#keys.startOf(index)
      this.#roles[index] = this.#roleOf(this.text(index), length, this.#hashLow[index]!, this.#hashHigh[index]!)
    }
  }

  #learn(source: Uint8Array, start: number, end: number): void {
    const { low, high } = this.#hash.begin(1).bytes(source, start, end).finish()
    this.#hashLow.push(low)
    this.#hashHigh.push(high)
    this.#roles.push(this.#roleOf(this.text(this.#keys.size - 1), end - start, low, high))
    this.#follower.push(-1)
    if (this.#follower.length === 1) this.#follower.push(-1)
  }
}
