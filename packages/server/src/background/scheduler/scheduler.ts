import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../../storage/database/database.ts'
import { type Clock, systemClock } from './clock.ts'
import { type DueTask, readDue } from './due.ts'
import type { Kind } from './kind.ts'
import { Membership } from './membership.ts'
import { Runs } from './runs.ts'
import { putFixedTasks } from './tasks.ts'

export interface SchedulerOptions {
  readonly database: Database
  readonly kinds: readonly Kind[]
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  /** Whether no other process can have the store (SQLite): what a killed one held is free at once. */
  readonly alone?: boolean
  readonly clock?: Clock
  readonly newId?: () => string
  readonly times?: Partial<Times>
}

/** All in ms. */
interface Times {
  /** Between two heartbeats. */
  readonly beatMs: number
  /** Without a heartbeat, after which others take over. */
  readonly lifetimeMs: number
  /** Between two looks at what is due. */
  readonly pollMs: number
  /** How long what is under way may take to end when the process stops. */
  readonly stopMs: number
}

const defaultTimes: Times = { beatMs: 5000, lifetimeMs: 20_000, pollMs: 1000, stopMs: 10_000 }
/** How long one look at what is due may take, in lifetimes. */
const maxTurnLifetimes = 3
/** How long a failure is told of a task that does not run here any more, besides two of its intervals. */
const forgetMs = 60_000

/**
 * Runs what is due in the shards that this process holds. A run that fails is logged when it begins to fail, and tried again when it is
 * due next.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #times: Times
  readonly #clock: Clock
  readonly #stopping = new AbortController()
  readonly #runs: Runs
  readonly #membership: Membership
  #loops: Promise<void>[] = []
  #beating: Promise<void> | undefined
  #balancing: Promise<void> | undefined
  #isPrepared = false
  #turnedAt = Number.NEGATIVE_INFINITY
  /** What failed last time in this process, by name, with why. */
  readonly failing = new Map<string, unknown>()
  readonly #forgetAt = new Map<string, number>()

  constructor(options: SchedulerOptions) {
    const { database, kinds, alone = false, clock = systemClock, newId } = options
    this.#options = options
    this.#clock = clock
    this.#times = { ...defaultTimes, ...options.times }
    this.#runs = new Runs({ database, clock, kinds, onOutcome: (task, error) => this.#tell(task, error) })
    this.#membership = new Membership({
      ...{ database, clock, alone, ...this.#times },
      ...(newId && { newId }),
      onLost: (shards) => {
        this.#runs.interrupt(shards)
        this.#runs.drop(shards)
      },
      isBusy: (shard) => this.#runs.isBusy(shard),
    })
  }

  start(): void {
    this.#loops = [this.#work(), this.#live()]
  }

  /** Ends what runs, saves what has ended, and gives the shards back. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#runs.interrupt(undefined)
    const over = new AbortController()
    const ended = (async () => {
      await Promise.all([...this.#loops, this.#runs.ended, this.#beating, this.#balancing])
      if (this.#membership.id !== undefined) await this.#runs.save(this.#membership.id)
      await this.#membership.leave()
    })().catch((error: unknown) =>
      this.#options.log.warn({ err: error }, 'the scheduler left its shards to the others'),
    )
    await Promise.race([ended, this.#clock.sleep(this.#times.stopMs, over.signal)])
    over.abort()
  }

  /** Beats, and watches itself: whoever was not heard in time ends what it does before others begin it. */
  async #live(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      if (!this.#isStuck) this.#beat()
      await this.#clock.sleep(this.#times.beatMs, signal)
      if (this.#membership.id !== undefined && !this.#membership.isAlive) this.#runs.interrupt(undefined)
    }
  }

  /** Whether nothing has come of looking at what is due for long: then others are to have the shards. */
  get #isStuck(): boolean {
    return this.#clock.now() - this.#turnedAt > maxTurnLifetimes * this.#times.lifetimeMs
  }

  #beat(): void {
    this.#beating ??= this.#attempt('heartbeat', () => this.#inTime(this.#membership.beat())).then((done) => {
      this.#beating = undefined
      if (!done || this.#stopping.signal.aborted) return
      this.#balancing ??= this.#attempt('balance of shards', () => this.#inTime(this.#membership.balance())).then(
        () => {
          this.#balancing = undefined
        },
      )
    })
  }

  /** Gives up an answer that does not come, so that another connection is tried. */
  async #inTime(work: Promise<void>): Promise<void> {
    const over = new AbortController()
    const late = this.#clock.sleep(this.#times.lifetimeMs, over.signal).then(() => {
      if (!over.signal.aborted) throw new Error('the relational store does not answer')
    })
    await Promise.race([work, late]).finally(() => over.abort())
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopping
    this.#turnedAt = this.#clock.now()
    while (!signal.aborted) {
      await this.#attempt('what is due', () => this.#turn())
      this.#turnedAt = this.#clock.now()
      await this.#clock.sleep(this.#times.pollMs, signal)
    }
  }

  async #turn(): Promise<void> {
    this.#forget()
    if (!this.#isPrepared) await this.#prepare()
    const { id, leaving } = this.#membership
    if (id === undefined || !this.#membership.isAlive) return
    await this.#runs.save(id)
    const due = await readDue(this.#options.database, id, this.#runs.wanted(), [...leaving])
    // Much may have happened until the answer came.
    if (this.#membership.id !== id || !this.#membership.isAlive || this.#stopping.signal.aborted) return
    this.#runs.begin(
      due.filter(({ shard, token }) => this.#membership.held.get(shard) === token && !leaving.has(shard)),
      id,
    )
  }

  async #prepare(): Promise<void> {
    for (const { name, fixed } of this.#options.kinds) {
      if (fixed) await putFixedTasks(this.#options.database, name, fixed)
    }
    this.#isPrepared = true
  }

  /** @returns whether it went well */
  async #attempt(name: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      this.failing.delete(name)
      return true
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#fail(name, error)
      return false
    }
  }

  #tell({ kind, id, interval_ms }: DueTask, error: unknown): void {
    const name = `${kind} ${id}`
    if (error === undefined) {
      this.failing.delete(name)
      return
    }
    this.#fail(name, error)
    this.#forgetAt.set(name, this.#clock.now() + 2 * interval_ms + forgetMs)
  }

  /** Tasks that were deleted, or that another process has now, fail here no more. */
  #forget(): void {
    for (const [name, at] of this.#forgetAt) {
      if (this.failing.has(name) && this.#clock.now() < at) continue
      this.failing.delete(name)
      this.#forgetAt.delete(name)
    }
  }

  #fail(name: string, error: unknown): void {
    if (!this.failing.has(name)) this.#options.log.warn({ err: error, task: name }, 'it fails, and is tried again')
    this.failing.set(name, error)
  }
}
