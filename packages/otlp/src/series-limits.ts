/** Most series of a space that are told apart in a day. */
export interface MostSeries {
  readonly perMetric: number
  readonly perService: number
  readonly inTotal: number
}

/**
 * A label that never repeats (a request id, a URL with its parameters) makes a series of every point; queries over such
 * a metric are useless, and every other one gets slower. What people make on purpose stays far below.
 */
export const maxSeriesByDefault: MostSeries = { perMetric: 100_000, perService: 500_000, inTotal: 2_000_000 }

const secondsPerDay = 86_400

/**
 * Counts the new series of a thread, by space, metric and service, and says when it is enough. What a batch adds counts
 * from `confirm` on: a batch that could not be stored comes again.
 */
export class SeriesLimits {
  readonly #most: MostSeries
  readonly #stored = new Map<string, number>()
  readonly #inBatch = new Map<string, number>()
  #day = 0

  constructor(most: MostSeries = maxSeriesByDefault) {
    this.#most = most
  }

  /** Forgets what the batch before added and did not confirm. */
  beginBatch(): void {
    this.#inBatch.clear()
  }

  /**
   * Whether one more series of this metric of this service of this space may be stored; it is counted then.
   * @param received seconds since 1970
   */
  admit(space: string, metric: string, service: string, received: number): boolean {
    const day = Math.floor(received / secondsPerDay)
    if (day > this.#day) {
      this.#day = day
      this.#stored.clear()
    }
    const { perMetric, perService, inTotal } = this.#most
    const ofSpace = `a${space}`
    const ofService = `s${space}\0${service}`
    const ofMetric = `m${space}\0${service}\0${metric}`
    if (this.#count(ofSpace) >= inTotal || this.#count(ofService) >= perService || this.#count(ofMetric) >= perMetric) {
      return false
    }
    for (const name of [ofSpace, ofService, ofMetric]) this.#inBatch.set(name, (this.#inBatch.get(name) ?? 0) + 1)
    return true
  }

  /** To be called once the batch is durable. */
  confirm(): void {
    for (const [name, count] of this.#inBatch) this.#stored.set(name, (this.#stored.get(name) ?? 0) + count)
    this.#inBatch.clear()
  }

  #count(name: string): number {
    return (this.#stored.get(name) ?? 0) + (this.#inBatch.get(name) ?? 0)
  }
}
