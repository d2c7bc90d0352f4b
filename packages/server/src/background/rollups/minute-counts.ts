/** Counts by minute, asked for sums over ranges of time. */
export class MinuteCounts {
  readonly minutes: readonly number[]
  readonly #sums: readonly number[]

  /** @param counts minute (seconds since 1970) -> count */
  constructor(counts: Iterable<readonly [number, number]>) {
    const sorted = [...counts].sort(([a], [b]) => a - b)
    this.minutes = sorted.map(([minute]) => minute)
    let sum = 0
    this.#sums = [0, ...sorted.map(([, count]) => (sum += count))]
  }

  /** Of the minutes that begin in from <= minute < to. */
  within(from: number, to: number): number {
    return this.#sums[this.#before(to)]! - this.#sums[this.#before(from)]!
  }

  /** How many minutes begin before `time`. */
  #before(time: number): number {
    let low = 0
    let high = this.minutes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.minutes[middle]! < time) low = middle + 1
      else high = middle
    }
    return low
  }
}
