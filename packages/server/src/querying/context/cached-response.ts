import type { Signal } from '../cache/late-arrivals.ts'
import { cacheKey, sourcesOf } from '../cache/response-cache.ts'
import type { TimeRange } from '../time/time-range.ts'
import type { QueryContext } from './query-context.ts'

/** Characters of an answer that weigh as much as a value. */
const charactersPerValue = 10

/**
 * What `read` gives. An answer about times that are all over is kept for a moment, for its tenant, unless something arrives for
 * these times. One that found nothing is not: who waits for something to arrive asks again and again. Nor is one that says by
 * `completeUntil` that something is due.
 * @param signals what it is made from
 * @param asked the name of the question, and everything that its answer depends on besides tenant, retention and range
 */
export async function cachedResponse<Answer>(
  context: QueryContext,
  range: TimeRange,
  signals: readonly Signal[],
  asked: readonly [name: string, ...unknown[]],
  read: () => Promise<Answer>,
): Promise<Answer> {
  const { cache, retention } = context
  if (!cache || range.to > cache.closedUntil()) return read()
  await cache.upToDate()
  const key = cacheKey('view', retention, range, asked)
  const found = cache.get<{ readonly answer: Answer }>(key)
  if (found) return found.answer
  const answer = await read()
  if (!foundNothing(answer) && !isIncomplete(answer)) {
    const size = (JSON.stringify(answer)?.length ?? 0) / charactersPerValue
    cache.set(key, { answer }, sourcesOf(signals, range), size)
  }
  return answer
}

/** Whether an answer says that it does not have everything that has arrived, or will yet. */
function isIncomplete(answer: unknown): boolean {
  const { complete, completeUntil } = (answer ?? {}) as {
    readonly complete?: unknown
    readonly completeUntil?: unknown
  }
  return complete === false || typeof completeUntil === 'number'
}

/** Whether an answer is an empty list, or has no list that is not. */
function foundNothing(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.length === 0
  return Object.values(answer ?? {}).every((value) => !Array.isArray(value) || value.length === 0)
}
