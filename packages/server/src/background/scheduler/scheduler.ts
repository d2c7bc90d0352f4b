import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Leases } from './leases.ts'

/** Something that is done again and again, by one process at a time. */
export interface Job {
  /** Name of its lease. */
  readonly name: string
  /** Pause between the end of one run and the start of the next. */
  readonly everyMs: number
  /**
   * @param held asks whether the lease is still held, and keeps it; to be asked before what is done is made to count
   * @param signal aborts when the process stops
   */
  run(held: () => Promise<boolean>, signal: AbortSignal): Promise<void>
}

export interface SchedulerOptions {
  readonly leases: Leases
  readonly jobs: readonly Job[]
  readonly log: FastifyBaseLogger
}

/** Runs jobs, each under a lease. A run that fails is logged and tried again at its next time. */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #stopping = new AbortController()
  #loops: Promise<void>[] = []
  /** Jobs whose last run failed, with why. */
  readonly failing = new Map<string, unknown>()

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  start(): void {
    this.#loops = this.#options.jobs.map((job) => this.#repeat(job))
  }

  /** Ends what runs, and gives the leases back. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#loops)
    await this.#options.leases.release()
  }

  async #repeat(job: Job): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await this.#once(job)
      await sleep(job.everyMs, undefined, { signal, ref: false }).catch(() => {})
    }
  }

  async #once(job: Job): Promise<void> {
    const { leases, log } = this.#options
    try {
      const lease = await leases.acquire(job.name)
      if (lease) await job.run(() => leases.renew(lease), this.#stopping.signal)
      this.failing.delete(job.name)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      this.failing.set(job.name, error)
      log.warn({ err: error, job: job.name }, 'a scheduled job failed; it is tried again')
    }
  }
}
