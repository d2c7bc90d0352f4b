export const counterBits = 22
const counterMask = (1 << counterBits) - 1

/**
 * Numbers log records: milliseconds since 1970 << 22 | a counter that starts anywhere. Worker threads that decode for one
 * process share a counter by being given the same `memory` (four bytes of a SharedArrayBuffer).
 */
export class RecordIds {
  readonly memory: SharedArrayBuffer
  readonly #counter: Int32Array

  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(4)
    this.#counter = new Int32Array(this.memory)
    if (memory === undefined) this.#counter[0] = Math.floor(Math.random() * counterMask)
  }

  /** Takes so many ids; answers the counter of the first, of which the lowest `counterBits` bits count. */
  take(count: number): number {
    return Atomics.add(this.#counter, 0, count)
  }
}
