import PQueue from 'p-queue'
import { ApiError } from '../../http/errors/api-error.ts'

export interface HeavyLimits {
  /** A statement that may read more rows than this is heavy; those below are answered in tens of milliseconds. */
  readonly rows: number
  /** Statements that run at once. */
  readonly running: number
  /** Statements that wait; one more is refused. */
  readonly waiting: number
  /** How long one waits before it is refused, ms. */
  readonly waitMs: number
}

export const defaultHeavyLimits: HeavyLimits = { rows: 2_000_000, running: 2, waiting: 100, waitMs: 20_000 }

/**
 * Runs a few heavy statements at once and lets the others wait in turns: the first of everybody who asks comes before
 * anybody's second, so that one page full of charts does not keep the others waiting.
 */
export class HeavyQueries {
  readonly limits: HeavyLimits
  readonly #queue: PQueue
  /** Statements of each asker that run or wait. */
  readonly #open = new Map<string, number>()

  constructor(limits: HeavyLimits = defaultHeavyLimits) {
    this.limits = limits
    this.#queue = new PQueue({ concurrency: limits.running })
  }

  /** How many run and how many wait. */
  get load(): { running: number; waiting: number } {
    return { running: this.#queue.pending, waiting: this.#queue.size }
  }

  /**
   * @param asker whose turn it takes
   * @param signal takes it out of the queue when it aborts while it waits
   * @throws ApiError RATE_LIMITED when too many wait, or it waited too long
   */
  async run<Answer>(asker: string, signal: AbortSignal | undefined, statement: () => Promise<Answer>): Promise<Answer> {
    if (this.#queue.size >= this.limits.waiting) {
      throw new ApiError('RATE_LIMITED', `${this.limits.waiting} heavy queries wait already; try again in a moment.`)
    }
    const mine = this.#open.get(asker) ?? 0
    this.#open.set(asker, mine + 1)
    const waiting = new AbortController()
    const timer = setTimeout(() => waiting.abort(new ApiError('RATE_LIMITED', waitedTooLong)), this.limits.waitMs)
    const leave = () => waiting.abort(signal?.reason)
    signal?.addEventListener('abort', leave, { once: true })
    if (signal?.aborted) leave()
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
    }
    try {
      return await this.#queue.add(
        () => {
          // From here on the statement itself ends with the signal.
          settle()
          return statement()
        },
        { priority: -mine, signal: waiting.signal },
      )
    } finally {
      settle()
      const left = (this.#open.get(asker) ?? 1) - 1
      if (left > 0) this.#open.set(asker, left)
      else this.#open.delete(asker)
    }
  }
}

const waitedTooLong =
  'Other heavy queries took too long for this one to begin. Try again, or choose a shorter time range or a narrower filter.'
