import type { Database } from '../../storage/database/database.ts'
import type { Clock } from './clock.ts'
import type { DueTask } from './due.ts'
import type { Kind } from './kind.ts'
import { LeaseLost, ShardLease } from './lease.ts'
import { type FinishedRun, keyOf, ResultRefused, saveRuns, taskOf } from './save-runs.ts'

interface Run {
  readonly kind: Kind
  readonly tasks: readonly DueTask[]
  readonly abort: AbortController
}

/** Why a run was aborted whose outcome says nothing: it is done again by whoever holds the shard. */
class Interrupted extends Error {}

class TookTooLong extends Error {}

/** How often a kind may fail to save what a run has found before the run counts as failed: the store may have been to blame. */
const maxRefusals = 3

export interface RunsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly kinds: readonly Kind[]
  /** Told of every run that ends, by task; undefined when it succeeded. */
  readonly onOutcome: (task: DueTask, error: unknown) => void
}

/** What a process has under way: bounded by kind, each with a time limit, saved many together. */
export class Runs {
  readonly #options: RunsOptions
  readonly #runs = new Set<Run>()
  /** Tasks under way or not saved yet; none is begun twice. */
  readonly #underWay = new Map<string, number>()
  #finished: FinishedRun[] = []
  readonly #ending = new Set<Promise<void>>()
  readonly #refusals = new WeakMap<FinishedRun, number>()

  constructor(options: RunsOptions) {
    this.#options = options
  }

  isBusy(shard: number): boolean {
    return this.#underWay.size > 0 && [...this.#underWay.values()].includes(shard)
  }

  /** How many due tasks to read of each kind: room for new ones, and those under way, which are due until they are saved. */
  wanted(): Map<string, number> {
    const wanted = new Map<string, number>()
    for (const kind of this.#options.kinds) {
      const room = this.#room(kind)
      const underWay = [...this.#underWay.keys()].filter((key) => key.startsWith(`${kind.name}\0`)).length
      if (room > 0) wanted.set(kind.name, room * (kind.batch ?? 1) + underWay)
    }
    return wanted
  }

  /** Begins what there is room for. @param holder id of the process that the tasks' tokens belong to */
  begin(due: readonly DueTask[], holder: string): void {
    const fresh = Map.groupBy(
      due.filter((task) => !this.#underWay.has(keyOf(task))),
      ({ kind }) => kind,
    )
    for (const kind of this.#options.kinds) {
      const tasks = fresh.get(kind.name) ?? []
      const size = kind.batch ?? 1
      for (let at = 0; at < tasks.length && this.#room(kind) > 0; at += size) {
        this.#begin(kind, tasks.slice(at, at + size), holder)
      }
    }
  }

  /** Saves what has ended. What cannot be saved by itself is a failure of that run, and holds up no other. */
  async save(holder: string): Promise<void> {
    const runs = this.#finished
    if (runs.length === 0) return
    const { database } = this.#options
    try {
      await saveRuns(database, holder, runs)
      this.#forget(runs)
      return
    } catch {
      // One of them may be to blame.
    }
    for (const run of runs) await this.#saveAlone(holder, run)
  }

  /** Aborts what is under way in some shards, and drops what is not saved: another process does it again. */
  interrupt(shards: readonly number[] | undefined): void {
    const isMeant = ({ tasks }: { readonly tasks: readonly DueTask[] }) =>
      shards === undefined || tasks.some(({ shard }) => shards.includes(shard))
    for (const run of this.#runs) if (isMeant(run)) run.abort.abort(new Interrupted())
  }

  /** Drops what has ended, since its tokens are worth nothing any more. */
  drop(shards: readonly number[]): void {
    this.#forget(this.#finished.filter(({ tasks }) => tasks.every(({ shard }) => shards.includes(shard))))
  }

  /** Resolves when nothing is under way. */
  get ended(): Promise<unknown> {
    return Promise.all(this.#ending)
  }

  #room(kind: Kind): number {
    const unsaved = this.#finished.filter((run) => run.kind === kind).length
    return kind.concurrency - [...this.#runs].filter((run) => run.kind === kind).length - unsaved
  }

  #begin(kind: Kind, tasks: readonly DueTask[], holder: string): void {
    const run = { kind, tasks, abort: new AbortController() }
    this.#runs.add(run)
    for (const task of tasks) this.#underWay.set(keyOf(task), task.shard)
    const ending = this.#carryOut(run, holder).finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
  }

  async #carryOut(run: Run, holder: string): Promise<void> {
    const { database, clock, onOutcome } = this.#options
    const { kind, tasks, abort } = run
    const { signal } = abort
    const tokens = new Map(tasks.map(({ shard, token }) => [shard, token]))
    const startedAt = clock.now()
    const over = new AbortController()
    void clock.sleep(kind.timeoutMs, over.signal).then(() => {
      if (over.signal.aborted) return
      const error = new TookTooLong(`took longer than ${kind.timeoutMs / 1000} s`)
      abort.abort(error)
      for (const task of tasks) onOutcome(task, error)
    })
    let result: unknown
    let error: unknown
    try {
      result = await kind.run(tasks.map(taskOf), new ShardLease(database, holder, tokens), signal)
    } catch (thrown) {
      error = signal.reason instanceof TookTooLong ? signal.reason : (thrown ?? new Error('failed without a reason'))
    }
    over.abort()
    this.#runs.delete(run)
    const says = !(signal.reason instanceof Interrupted) && !(error instanceof LeaseLost)
    if (!says) {
      for (const task of tasks) this.#underWay.delete(keyOf(task))
      return
    }
    for (const task of tasks) onOutcome(task, error)
    const message = error === undefined ? undefined : messageOf(error)
    this.#finished.push({ kind, tasks, error: message, result, tookMs: clock.now() - startedAt })
  }

  /** @throws when the store is to blame, or may be: it is tried again */
  async #saveAlone(holder: string, run: FinishedRun): Promise<void> {
    const { database, onOutcome } = this.#options
    try {
      await saveRuns(database, holder, [run])
    } catch (error) {
      const refusals = (this.#refusals.get(run) ?? 0) + 1
      if (!(error instanceof ResultRefused)) throw error
      this.#refusals.set(run, refusals)
      if (refusals < maxRefusals) throw error
      await saveRuns(database, holder, [{ ...run, error: messageOf(error), result: undefined }])
      for (const task of run.tasks) onOutcome(task, error)
    }
    this.#forget([run])
  }

  #forget(runs: readonly FinishedRun[]): void {
    const gone = new Set(runs)
    this.#finished = this.#finished.filter((run) => !gone.has(run))
    for (const { tasks } of runs) for (const task of tasks) this.#underWay.delete(keyOf(task))
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
