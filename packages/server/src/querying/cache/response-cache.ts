import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { TimeRange } from '../time/time-range.ts'
import type { LateArrivals, Signal, Sources } from './late-arrivals.ts'

/** What arrives later than this after its time is late: `late_arrivals` counts from half of it on. */
const lateMs = 60_000
const keptMs = 60_000
/** Of all answers together, in values. */
const maxValues = 2_000_000

interface Kept {
  readonly value: unknown
  readonly sources: Sources
  /** When its reading began, ms of this process's own clock. */
  readonly began: number
}

/**
 * Answers about times that are over, for a short while, and for as long as nothing arrives for these times. A time is over when
 * nothing of it is still expected, so that the newest times are always read anew.
 */
export class ResponseCache {
  readonly answers = new LRUCache<string, Kept>({ maxSize: maxValues, ttl: keptMs, ttlAutopurge: false })
  readonly late: LateArrivals | undefined

  /** @param late tells what has arrived for times that were over; nothing does when unset */
  constructor(late?: LateArrivals) {
    this.late = late
  }

  /** What a request that begins now sees of it. */
  forRequest(space: string): RequestCache {
    return new RequestCache(this, space)
  }
}

/** The cache of one request: what it reads is as of the first time that it looked at what has arrived. A key has to hold everything that an answer depends on. */
export class RequestCache {
  readonly #cache: ResponseCache
  readonly #space: string
  #began: number | undefined

  constructor(cache: ResponseCache, space: string) {
    this.#cache = cache
    this.#space = space
  }

  /** Epoch ms up to which times are over. */
  closedUntil(now = Date.now()): number {
    return now - lateMs
  }

  /** To be awaited before anything is read that `set` is to keep, and before `get`: learns what has arrived of late. */
  async upToDate(): Promise<void> {
    await this.#cache.late?.refresh(this.#space)
    this.#began ??= performance.now()
  }

  get<Value>(key: string): Value | undefined {
    const found = this.#cache.answers.get(this.#keyOf(key))
    if (!found) return undefined
    return this.#cache.late?.changedSince(this.#space, found.began, found.sources) ? undefined : (found.value as Value)
  }

  /**
   * @param sources what it was made from
   * @param size in values
   * @param forMs how long it is kept
   */
  set(key: string, value: unknown, sources: Sources, size: number, forMs = keptMs): void {
    if (this.#began === undefined) return
    const kept = { value, sources, began: this.#began }
    this.#cache.answers.set(this.#keyOf(key), kept, { size: Math.max(1, Math.ceil(size)), ttl: forMs })
  }

  #keyOf(key: string): string {
    return `${this.#space} ${key}`
  }
}

/** A short key for parts of any length. */
export function cacheKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}

const hourMs = 3_600_000

/**
 * What an answer about a range is made from. Of spans an hour more on both sides: a trace is shown whole, and a call counts with
 * the span that made it. Of metrics what came before, too: how much a counter gained depends on it.
 * @param stepMs of the points that it has; points tell of the two before
 */
export function sourcesOf(signals: readonly Signal[], { from, to }: TimeRange, stepMs = to - from): Sources {
  if (signals.every((signal) => signal === 'logs')) return { signals, from, to }
  const before = signals.includes('metrics') ? Math.max(hourMs, 2 * stepMs) : hourMs
  return { signals, from: from - before, to: to + hourMs }
}
