import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '@burstlet/testkit/eventually'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fixedJobs } from '../src/background/scheduler/jobs.ts'
import type { Kind } from '../src/background/scheduler/kind.ts'
import { LeaseLost, ShardLease } from '../src/background/scheduler/lease.ts'
import { Scheduler } from '../src/background/scheduler/scheduler.ts'
import { deleteTask, putFixedTasks, putTask } from '../src/background/scheduler/tasks.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { type RelationalStore, relationalStores } from './relational-stores.ts'

const times = { beatMs: 40, lifetimeMs: 400, pollMs: 10 }
const hour = 3_600_000

describe.each(relationalStores)('the scheduler on %s', (_name, start) => {
  let store: RelationalStore
  let database: Database
  let running: Scheduler[] = []
  beforeAll(async () => {
    store = await start()
    database = await openDatabase(store.config)
  })
  afterAll(async () => {
    await database.destroy()
    await store.stop()
  })
  beforeEach(async () => {
    await database.deleteFrom('scheduler_tasks').execute()
    await database.deleteFrom('scheduler_history').execute()
  })
  afterEach(async () => {
    for (const scheduler of running) await scheduler.stop()
    running = []
  })

  const started = (...kinds: Kind[]) => {
    const scheduler = new Scheduler({ database, kinds, log: pino({ level: 'silent' }), times })
    running.push(scheduler)
    scheduler.start()
    return scheduler
  }
  const kindOf = (name: string, run: Kind['run'], more: Partial<Kind> = {}): Kind => ({
    ...{ name, concurrency: 10, timeoutMs: 10_000, run },
    ...more,
  })
  const put = (kind: string, ids: readonly string[], intervalMs = hour) =>
    putFixedTasks(
      database,
      kind,
      ids.map((id) => ({ id, intervalMs })),
    )
  const rowOf = (kind: string, id: string) =>
    database
      .selectFrom('scheduler_tasks')
      .selectAll()
      .where('kind', '=', kind)
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const shares = async () => {
    const rows = await database.selectFrom('scheduler_shards').select('holder').execute()
    return [...Map.groupBy(rows, ({ holder }) => holder).values()].map(({ length }) => length).sort()
  }
  const makeDue = (kind: string, at = Date.now() - 5000) =>
    database.updateTable('scheduler_tasks').set({ next_due: at }).where('kind', '=', kind).execute()

  it('shares the shards among processes, hands them over at once when one stops, and runs what is due once', async () => {
    const ids = Array.from({ length: 100 }, (_, at) => `${at}`)
    await put('shared', ids)
    const ran: string[] = []
    const saved: string[] = []
    const kind = kindOf(
      'shared',
      async ([task]) => {
        ran.push(task!.id)
        await sleep(1)
      },
      {
        save: async (_transaction, finished) =>
          void saved.push(...finished.flatMap(({ tasks }) => tasks.map(({ id }) => id))),
      },
    )
    const [first] = [started(kind), started(kind), started(kind)]
    await eventually(async () => (await shares()).join() === '21,21,22')
    await eventually(async () => saved.length === 100)
    expect(saved.toSorted()).toEqual(ids.toSorted())
    await first!.stop()
    await eventually(async () => (await shares()).join() === '32,32')
    await makeDue('shared')
    await eventually(async () => saved.length === 200)
    expect(saved.toSorted()).toEqual([...ids, ...ids].toSorted())
    // What runs when its shard changes hands is not saved, and runs again.
    expect(new Set(ran)).toEqual(new Set(ids))
  })

  it('takes over from a process that is gone, whose transactions count no more', async () => {
    await put('left', ['a'])
    const { shard } = await rowOf('left', 'a')
    await database.insertInto('scheduler_processes').values({ id: 'gone', beat: 7, joined_at: 0 }).execute()
    await database.updateTable('scheduler_shards').set({ holder: 'gone' }).execute()
    // What a process took just when it was taken out itself.
    await database.updateTable('scheduler_shards').set({ holder: 'nobody' }).where('shard', '!=', shard).execute()
    const { token } = await database
      .selectFrom('scheduler_shards')
      .select('token')
      .where('shard', '=', shard)
      .executeTakeFirstOrThrow()
    const lease = new ShardLease(database, 'gone', new Map([[shard, token]]))
    expect(await lease.held()).toBe(true)
    expect(await lease.fenced(async () => 'counts')).toBe('counts')
    const runs: unknown[] = []
    started(kindOf('left', async (tasks) => runs.push(tasks)))
    await eventually(async () => runs.length === 1 && (await shares()).join() === '64')
    expect(await lease.held()).toBe(false)
    const late = lease.fenced((transaction) => deleteTask(transaction, 'left', 'a'))
    await expect(late).rejects.toThrow(LeaseLost)
    expect(await rowOf('left', 'a')).toMatchObject({ id: 'a' })
  })

  it('does once what was missed, and then keeps to the times of before', async () => {
    await put('missed', ['a'])
    const due = Date.now() - 5 * hour - 1234
    await makeDue('missed', due)
    const runs: number[] = []
    started(kindOf('missed', async ([task]) => runs.push(task!.due)))
    await eventually(async () => (await rowOf('missed', 'a')).next_due > Date.now())
    await sleep(100)
    expect(runs).toEqual([due])
    const { next_due } = await rowOf('missed', 'a')
    expect((next_due - due) % hour).toBe(0)
    expect(next_due).toBeLessThanOrEqual(Date.now() + hour)
  })

  it('makes due at once what is due too late, since the clock was set back', async () => {
    await put('back', ['a'])
    await makeDue('back', Date.now() + 2 * hour)
    const runs: unknown[] = []
    started(kindOf('back', async (tasks) => runs.push(tasks)))
    await eventually(async () => runs.length === 1)
  })

  it('remembers how runs ended, and tells what fails here', async () => {
    await put('history', ['a'], 20)
    let turn = 0
    const scheduler = started(
      kindOf('history', async () => {
        turn += 1
        if (turn > 1 && turn < 4) throw new Error(`no ${turn}`)
      }),
    )
    await eventually(async () => scheduler.failing.has('history a') || turn > 3)
    await eventually(async () => turn > 5 && (await rowOf('history', 'a')).runs > 1)
    const history = await database.selectFrom('scheduler_history').selectAll().orderBy('slot').execute()
    expect(history).toMatchObject([
      { kind: 'history', id: 'a', slot: 0, outcome: 'succeeded', runs: 1, error: '' },
      { slot: 1, outcome: 'failed', runs: 2, error: 'no 3' },
    ])
    expect(await rowOf('history', 'a')).toMatchObject({ outcome: 'succeeded', streak: 2, error: '' })
    expect(scheduler.failing.size).toBe(0)
  })

  it('saves nothing of a task that was changed or deleted meanwhile', async () => {
    await put('changed', ['kept', 'edited', 'deleted'])
    const saved: string[] = []
    const begun: string[] = []
    const go = Promise.withResolvers<void>()
    started(
      kindOf(
        'changed',
        async (tasks) => {
          begun.push(...tasks.map(({ id }) => id))
          await go.promise
        },
        {
          batch: 3,
          save: async (_transaction, finished) =>
            void saved.push(...finished.flatMap(({ tasks }) => tasks.map(({ id }) => id))),
        },
      ),
    )
    await eventually(async () => begun.length === 3)
    await database.transaction().execute(async (transaction) => {
      await putTask(transaction, { kind: 'changed', id: 'edited', intervalMs: 2 * hour })
      await deleteTask(transaction, 'changed', 'deleted')
    })
    go.resolve()
    // What was edited is done again.
    await eventually(async () => saved.length === 2)
    expect(saved).toEqual(['kept', 'edited'])
    expect(begun.toSorted()).toEqual(['deleted', 'edited', 'edited', 'kept'])
    expect(await rowOf('changed', 'edited')).toMatchObject({ interval_ms: 2 * hour, runs: 1 })
    const left = await database.selectFrom('scheduler_tasks').select('id').where('id', '=', 'deleted').execute()
    expect(left).toEqual([])
  })

  it('counts what cannot be saved, and what takes too long, as failures of their own', async () => {
    await put('hard', ['fine', 'unsaved', 'slow'])
    const saved: string[] = []
    const scheduler = started(
      kindOf(
        'hard',
        async ([task], _lease, signal) => {
          if (task!.id === 'slow') await sleep(60_000, undefined, { signal })
        },
        {
          timeoutMs: 100,
          async save(_transaction, finished) {
            const ids = finished.flatMap(({ tasks }) => tasks.map(({ id }) => id))
            if (ids.includes('unsaved')) throw new Error('it does not fit')
            saved.push(...ids)
          },
        },
      ),
    )
    await eventually(async () => (await rowOf('hard', 'slow')).outcome === 'failed')
    await eventually(async () => (await rowOf('hard', 'unsaved')).outcome === 'failed')
    await eventually(async () => (await rowOf('hard', 'fine')).outcome === 'succeeded')
    expect((await rowOf('hard', 'slow')).error).toBe('took longer than 0.1 s')
    expect((await rowOf('hard', 'unsaved')).error).toContain('it does not fit')
    expect(saved).toEqual(['fine'])
    expect([...scheduler.failing.keys()].sort()).toEqual(['hard slow', 'hard unsaved'])
  })

  it('runs the jobs of the server as rows that are always there, and no others', async () => {
    await put('job', ['of the past'])
    const runs: string[] = []
    const jobs = ['one', 'two'].map((name) => ({ name, everyMs: hour, run: async () => void runs.push(name) }))
    started(fixedJobs(jobs))
    await eventually(async () => runs.length === 2)
    const rows = await database
      .selectFrom('scheduler_tasks')
      .select('id')
      .where('kind', '=', 'job')
      .orderBy('id')
      .execute()
    expect(rows).toEqual([{ id: 'one' }, { id: 'two' }])
  })

  it('ends what it does when it stops, and leaves it to the next', async () => {
    await put('stopped', ['a'])
    const begun = Promise.withResolvers<void>()
    const first = started(
      kindOf('stopped', async (_tasks, _lease, signal) => {
        begun.resolve()
        await sleep(60_000, undefined, { signal })
      }),
    )
    await begun.promise
    await first.stop()
    expect(await rowOf('stopped', 'a')).toMatchObject({ runs: 0, outcome: '' })
    expect(await database.selectFrom('scheduler_processes').selectAll().execute()).toEqual([])
    started(kindOf('stopped', async () => {}))
    await eventually(async () => (await rowOf('stopped', 'a')).runs === 1)
  })
})
