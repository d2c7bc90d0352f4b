import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** What arrives later than this after its time is found once the answer is forgotten, {@link keptMs} later at most. */
const lateMs = 60_000
const keptMs = 60_000
/** Of all answers together, in values. */
const mostValues = 2_000_000

interface Kept {
  readonly value: unknown
}

/**
 * Answers about times that are over, for a short while. A time is over when nothing of it is still expected, so that
 * the newest times are always read anew. A key has to hold everything that an answer depends on: the tenant above all.
 */
export class QueryCache {
  readonly #answers = new LRUCache<string, Kept>({ maxSize: mostValues, ttl: keptMs, ttlAutopurge: false })

  /** Epoch ms up to which times are over. */
  closedUntil(now = Date.now()): number {
    return now - lateMs
  }

  get<Value>(key: string): Value | undefined {
    return this.#answers.get(key)?.value as Value | undefined
  }

  /** @param size in values @param forMs how long it is kept */
  set(key: string, value: unknown, size: number, forMs = keptMs): void {
    this.#answers.set(key, { value }, { size: Math.max(1, Math.ceil(size)), ttl: forMs })
  }
}

/** A short key for parts of any length. */
export function cacheKey(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64')
}
