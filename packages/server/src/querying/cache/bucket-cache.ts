import type { TimeRange } from '../time/time-range.ts'
import type { Signal } from './late-arrivals.ts'
import { type RequestCache, sourcesOf } from './response-cache.ts'

/** More parts than this are read as one, what is known between them again. */
const maxParts = 3

/**
 * The buckets of a series that are known from before. A bucket is kept when it lies whole in the range that was read,
 * and its time is over, until something arrives for it; what the range cuts, and what still goes on, is read each time.
 */
export class BucketCache<Row extends { readonly bucket?: string }> {
  readonly #cache: RequestCache | undefined
  readonly #signal: Signal
  readonly #key: string
  readonly #range: TimeRange
  readonly #stepMs: number
  readonly #closedUntil: number
  /** Whether an answer had known buckets. */
  used = false

  /** @param key everything that the rows of a bucket depend on, but its time */
  constructor(
    cache: RequestCache | undefined,
    signal: Signal,
    key: string,
    range: TimeRange,
    stepSeconds: number,
    now?: number,
  ) {
    this.#cache = cache
    this.#signal = signal
    this.#key = key
    this.#range = range
    this.#stepMs = stepSeconds * 1000
    this.#closedUntil = cache?.closedUntil(now) ?? 0
  }

  /**
   * The rows of the whole range.
   * @param read gives those of a part
   * @param completeUntil epoch ms, asked when all is read: buckets that end later are not kept; undefined for no such time
   */
  async complete(
    read: (part: TimeRange) => Promise<Row[]>,
    completeUntil: () => number | undefined = () => undefined,
  ): Promise<Row[]> {
    const cache = this.#cache
    if (!cache) return read(this.#range)
    await cache.upToDate()
    const closed = this.#closed()
    const known = new Map<number, readonly Row[]>()
    for (const at of closed) {
      const rows = cache.get<readonly Row[]>(this.#keyOf(at))
      if (rows) known.set(at, rows)
    }
    const parts = this.#unknown(known)
    const found = (await Promise.all(parts.map(read))).flat()
    // Who waits for something to arrive asks again and again.
    if (found.length === 0 && known.size === 0) return found
    const byBucket = Map.groupBy(found, ({ bucket }) => Number(bucket))
    const settled = completeUntil() ?? Number.POSITIVE_INFINITY
    for (const at of closed) {
      if (!parts.some(({ from, to }) => from <= at && at + this.#stepMs <= to)) continue
      known.delete(at)
      if (at + this.#stepMs <= settled) this.#keep(at, byBucket.get(at) ?? [])
    }
    this.used = known.size > 0
    return [...found, ...[...known.values()].flat()]
  }

  /** Keeps rows of the whole range that were read in another way. */
  learn(rows: readonly Row[]): void {
    if (!this.#cache) return
    const byBucket = Map.groupBy(rows, ({ bucket }) => Number(bucket))
    for (const at of this.#closed()) this.#keep(at, byBucket.get(at) ?? [])
  }

  #keep(at: number, rows: readonly Row[]): void {
    const signals = [this.#signal]
    const bucket = { from: at, to: at + this.#stepMs }
    // Spans and logs count in the bucket that they begin in, whatever is before and after.
    const sources = this.#signal === 'metrics' ? sourcesOf(signals, bucket) : { signals, ...bucket }
    this.#cache?.set(this.#keyOf(at), rows, sources, 1 + rows.length * 4)
  }

  /** Starts of the buckets that may be kept. */
  #closed(): number[] {
    const starts: number[] = []
    const last = Math.min(this.#range.to, this.#closedUntil) - this.#stepMs
    for (let at = Math.ceil(this.#range.from / this.#stepMs) * this.#stepMs; at <= last; at += this.#stepMs) {
      starts.push(at)
    }
    return starts
  }

  /** The range without the buckets that are known. */
  #unknown(known: ReadonlyMap<number, unknown>): TimeRange[] {
    const parts: TimeRange[] = []
    let from = this.#range.from
    for (const at of [...known.keys()].sort((a, b) => a - b)) {
      if (at > from) parts.push({ from, to: at })
      from = at + this.#stepMs
    }
    if (from < this.#range.to) parts.push({ from, to: this.#range.to })
    if (parts.length <= maxParts) return parts
    return [{ from: parts[0]!.from, to: parts.at(-1)!.to }]
  }

  #keyOf(at: number): string {
    return `${this.#key} ${at}`
  }
}
