const COUNTER_BITS = 22
const COUNTER_MASK = (1 << COUNTER_BITS) - 1

/**
 * Numbers log records: milliseconds since 1970 << 22 | a counter that starts anywhere. Worker threads that decode for one
 * process share a counter by being given the same `memory` (four bytes of a SharedArrayBuffer).
 */
export class RecordIds {
  readonly memory: SharedArrayBuffer
  readonly #counter: Int32Array
  low = 0
  high = 0

  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(4)
    this.#counter = new Int32Array(this.memory)
    if (memory === undefined) this.#counter[0] = Math.floor(Math.random() * COUNTER_MASK)
  }

  /** Takes the next id for a record received at `milliseconds`; it is in `low` and `high` afterwards. */
  next(milliseconds: number): void {
    const count = Atomics.add(this.#counter, 0, 1) & COUNTER_MASK
    // 32 - 22 = 10 bits of the milliseconds lie in the low word.
    this.low = ((milliseconds & 0x3ff) << COUNTER_BITS) | count
    this.high = Math.floor(milliseconds / 0x400)
  }
}
