import type { Database } from '../../storage/database/database.ts'
import type { Clock } from './clock.ts'

interface Observed {
  readonly beat: number
  /** When the beat had been read first, of this process's own clock. */
  readonly since: number
}

/** A process as the store has it. */
export interface Process {
  readonly id: string
  readonly beat: number
}

/**
 * Watches the heartbeats of others. Only what this process has watched without a gap counts: after it stood still itself, or the store
 * did, everybody has a whole lifetime to beat again.
 */
export class Observations {
  readonly #clock: Clock
  readonly #lifetimeMs: number
  readonly #maxGapMs: number
  readonly #observed = new Map<string, Observed>()
  #readAt = Number.NEGATIVE_INFINITY
  #answeredAt = Number.NEGATIVE_INFINITY

  constructor(options: { readonly clock: Clock; readonly beatMs: number; readonly lifetimeMs: number }) {
    this.#clock = options.clock
    this.#lifetimeMs = options.lifetimeMs
    this.#maxGapMs = 2 * options.beatMs
  }

  /** Reads the processes, in the order in which they joined. */
  async read(database: Database): Promise<Process[]> {
    const readAt = this.#clock.now()
    const processes = await database
      .selectFrom('scheduler_processes')
      .select(['id', 'beat'])
      .orderBy('joined_at')
      .orderBy('id')
      .execute()
    if (readAt - this.#answeredAt > this.#maxGapMs) this.#observed.clear()
    this.#readAt = readAt
    this.#answeredAt = this.#clock.now()
    const ids = new Set(processes.map(({ id }) => id))
    for (const id of this.#observed.keys()) if (!ids.has(id)) this.#observed.delete(id)
    for (const { id, beat } of processes) {
      if (this.#observed.get(id)?.beat !== beat) this.#observed.set(id, { beat, since: this.#answeredAt })
    }
    return processes
  }

  /** Whether a process has stood still for a lifetime, from the first answer that showed it so to the last question. */
  isDead(id: string): boolean {
    const observed = this.#observed.get(id)
    return observed !== undefined && this.#readAt - observed.since >= this.#lifetimeMs
  }
}
