import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Leases } from '../src/background/scheduler/leases.ts'
import { Scheduler } from '../src/background/scheduler/scheduler.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { type RelationalStore, relationalStores } from './relational-stores.ts'

describe.each(relationalStores)('leases in %s', (_name, start) => {
  let store: RelationalStore
  let database: Database
  beforeAll(async () => {
    store = await start()
    database = await openDatabase(store.config)
  })
  afterAll(async () => {
    await database.destroy()
    await store.stop()
  })

  it('go to one of many that want them at once', async () => {
    const replicas = Array.from({ length: 8 }, () => new Leases(database))
    const acquired = await Promise.all(replicas.map((replica) => replica.acquire('once')))
    expect(acquired.filter((lease) => lease !== undefined)).toEqual([{ name: 'once', token: 1 }])
    const holder = replicas[acquired.findIndex((lease) => lease !== undefined)]!
    expect(await holder.acquire('once')).toEqual({ name: 'once', token: 1 })
  })

  it('are taken over from a holder that stands still, which then holds nothing', async () => {
    const first = new Leases(database, 60)
    const second = new Leases(database, 60)
    const lease = await first.acquire('lost')
    expect(await second.acquire('lost')).toBeUndefined()
    expect(await first.renew(lease!)).toBe(true)
    // What was seen before the holder moved does not count.
    await sleep(80)
    expect(await second.acquire('lost')).toBeUndefined()
    await sleep(80)
    expect(await second.acquire('lost')).toEqual({ name: 'lost', token: 2 })
    expect(await first.renew(lease!)).toBe(false)
    expect(await first.acquire('lost')).toBeUndefined()
  })

  it('are free at once when their holder stops', async () => {
    const first = new Leases(database)
    await first.acquire('left')
    await first.release()
    expect(await new Leases(database).acquire('left')).toEqual({ name: 'left', token: 2 })
  })

  it('let each run of a job happen in one of the schedulers', async () => {
    let running = 0
    let most = 0
    let runs = 0
    const ended = Promise.withResolvers<void>()
    const job = {
      name: 'job',
      everyMs: 1,
      async run() {
        running += 1
        most = Math.max(most, running)
        await sleep(3)
        running -= 1
        runs += 1
        if (runs === 5) ended.resolve()
        if (runs === 2) throw new Error('this run fails')
      },
    }
    const log = pino({ level: 'silent' })
    const schedulers = [1, 2, 3].map(() => new Scheduler({ leases: new Leases(database), jobs: [job], log }))
    for (const scheduler of schedulers) scheduler.start()
    await ended.promise
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()))
    expect(most).toBe(1)
  })
})
