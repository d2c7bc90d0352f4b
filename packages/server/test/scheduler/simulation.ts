import { sql } from 'kysely'
import type { Kind, Task } from '../../src/background/scheduler/kind.ts'
import { Scheduler } from '../../src/background/scheduler/scheduler.ts'
import { putTask } from '../../src/background/scheduler/tasks.ts'
import { Random } from '../rows/random.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { SimulatedStore } from './simulated-store.ts'
import { VirtualTime } from './virtual-time.ts'

export const second = 1000
export const minute = 60 * second

/** What was saved of a run, in the order in which it counted. */
export interface SavedRun {
  readonly kind: string
  readonly id: string
  /** When it was due, and when it was saved, ms. */
  readonly due: number
  readonly at: number
  /** Who ran it, and who held its shard at the moment when it counted. */
  readonly process: string
  readonly holder: string | null
  readonly shard: number
  readonly token: number
  /** How often the clock of the database had been set until then. */
  readonly clock: number
}

const columns =
  'kind text, id text, due integer, at real, process text, holder text, shard integer, token integer, clock integer'

/** Some processes that run the same tasks over one store, until virtual time is over. */
export class Simulation {
  readonly time = new VirtualTime()
  readonly random: Random
  readonly store: SimulatedStore
  readonly processes: { readonly process: SimulatedProcess; readonly scheduler: Scheduler }[] = []
  /** Share of runs at whose end the machine sleeps, and of those that fail, that take up to a minute, and that do not heed their signal. */
  readonly runs = { failing: 0, long: 0, deaf: 0, pausing: 0 }
  #started = 0

  constructor(seed: number) {
    this.random = new Random(seed)
    this.store = new SimulatedStore(this.time, this.random)
  }

  async prepare(checks: number, rules: number, ruleMs = 30 * second): Promise<void> {
    await this.store.prepare([`CREATE TABLE saved (${columns})`, `CREATE TABLE fenced (${columns})`])
    const filling = this.store
      .open(new SimulatedProcess('filling', this.time))
      .transaction()
      .execute(async (transaction) => {
        for (let at = 0; at < checks; at++)
          await putTask(transaction, { kind: 'check', id: `${at}`, intervalMs: 10 * second })
        for (let at = 0; at < rules; at++) await putTask(transaction, { kind: 'rule', id: `${at}`, intervalMs: ruleMs })
      })
    await Promise.all([filling, this.time.runUntil(minute)])
  }

  start(): SimulatedProcess {
    this.#started += 1
    const process = new SimulatedProcess(`p${this.#started}`, this.time)
    const database = this.store.open(process)
    let joined = 0
    const scheduler = new Scheduler({
      database,
      clock: process,
      log: { warn: () => {} },
      newId: () => `${process.name}/${++joined}`,
      kinds: [
        this.#kind(process, { name: 'check', concurrency: 200 }),
        this.#kind(process, { name: 'rule', concurrency: 4, batch: 50 }),
        this.#fixed(process),
      ],
    })
    scheduler.start()
    this.processes.push({ process, scheduler })
    return process
  }

  get living(): SimulatedProcess[] {
    return this.processes.map(({ process }) => process).filter(({ isDead }) => !isDead)
  }

  saved(table: 'saved' | 'fenced' = 'saved'): SavedRun[] {
    return this.store.look<SavedRun>(`SELECT * FROM ${table} ORDER BY rowid`)
  }

  /** How many shards each process holds, by its name; '' for nobody. */
  shares(): Map<string, number> {
    const held = this.store.look<{ holder: string | null }>('SELECT holder FROM scheduler_shards')
    return new Map(
      [...Map.groupBy(held, ({ holder }) => holder?.split('/')[0] ?? '')].map(([name, shards]) => [
        name,
        shards.length,
      ]),
    )
  }

  #kind(process: SimulatedProcess, shape: { name: string; concurrency: number; batch?: number }): Kind<void> {
    return {
      ...shape,
      timeoutMs: 20 * second,
      run: (_tasks, _lease, signal) => this.#work(process, signal),
      save: async (transaction, finished) => {
        const tasks = finished.flatMap((each) => each.tasks)
        await sql.raw(this.#insertOf('saved', process, tasks)).execute(transaction)
      },
    }
  }

  /** As the server's own jobs: what it changes on its way is fenced. */
  #fixed(process: SimulatedProcess): Kind<void> {
    return {
      ...this.#kind(process, { name: 'job', concurrency: 5 }),
      fixed: Array.from({ length: 5 }, (_, at) => ({ id: `${at}`, intervalMs: 15 * second })),
      run: async ([task], lease, signal) => {
        for (let part = 0; part < 3; part++) {
          await this.#work(process, signal)
          await lease.fenced((transaction) => sql.raw(this.#insertOf('fenced', process, [task!])).execute(transaction))
        }
      },
    }
  }

  async #work(process: SimulatedProcess, signal: AbortSignal): Promise<void> {
    const isLong = this.random.chance(this.runs.long)
    const fails = this.random.chance(this.runs.failing)
    const isDeaf = this.random.chance(this.runs.deaf)
    await process.sleep(this.random.next() * (isLong ? minute : second), isDeaf ? undefined : signal)
    if (this.random.chance(this.runs.pausing)) {
      process.pause(false)
      this.time.after((20 + 15 * this.random.next()) * second, () => process.resume())
      await process.sleep(0)
    }
    if (!isDeaf) signal.throwIfAborted()
    if (fails) throw new Error('this run fails')
  }

  #insertOf(table: string, process: SimulatedProcess, tasks: readonly Task[]): string {
    const ran = tasks.map(({ kind, id, due }) => `('${kind}', '${id}', ${due})`)
    return `WITH ran (kind, id, due) AS (VALUES ${ran.join()})
      INSERT INTO ${table} SELECT kind, id, due, ${this.time.now}, '${process.name}', holder, shard, token, ${this.store.clockChanges}
      FROM ran JOIN scheduler_tasks USING (kind, id) JOIN scheduler_shards USING (shard)`
  }
}
