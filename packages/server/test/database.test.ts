import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrate, openDatabase } from '../src/storage/database/database.ts'
import { migrations } from '../src/storage/database/migrations.ts'
import { type RelationalStore, relationalStores } from './relational-stores.ts'

describe.each(relationalStores)('%s', (name, start) => {
  let store: RelationalStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())

  it('is made at the first opening and found at the next', async () => {
    const first = await openDatabase(store.config)
    const made = await first.selectFrom('installation').selectAll().execute()
    await first.destroy()
    expect(made).toHaveLength(1)
    expect(made[0]?.id).toMatch(/^[0-9a-f-]{36}$/)

    const second = await openDatabase(store.config)
    expect(await second.selectFrom('installation').selectAll().execute()).toEqual(made)
    await second.destroy()
  })

  it('is brought up to date once when two servers start together', async () => {
    const opened = await Promise.all([openDatabase(store.config), openDatabase(store.config)])
    for (const database of opened) {
      expect(await database.selectFrom('installation').selectAll().execute()).toHaveLength(1)
      await database.destroy()
    }
  })

  it('reads 64-bit integers as numbers, and none that a number cannot hold', async () => {
    const database = await openDatabase(store.config)
    const version = { space: 'numbers', service: 'a', version: '1', environment: '', initial: 0 }
    await database
      .insertInto('versions')
      .values({ ...version, first_seen: Number.MAX_SAFE_INTEGER })
      .execute()
    const versions = database.selectFrom('versions').where('space', '=', 'numbers')
    expect(await versions.select('first_seen').execute()).toEqual([{ first_seen: Number.MAX_SAFE_INTEGER }])
    expect(await versions.select(({ fn }) => fn.countAll().as('rows')).execute()).toEqual([{ rows: 1 }])
    await sql`UPDATE versions SET first_seen = 9007199254740993 WHERE space = 'numbers'`.execute(database)
    await expect(versions.select('first_seen').execute()).rejects.toThrow(RangeError)
    await database.deleteFrom('versions').where('space', '=', 'numbers').execute()
    await database.destroy()
  })

  it('keeps nothing of a transaction that fails, and all of one that waited for another connection', async () => {
    const [one, other] = [await openDatabase(store.config), await openDatabase(store.config)]
    const link = (token_hash: string) => ({ token_hash, expires_at: 1 })
    const failing = one.transaction().execute(async (transaction) => {
      await transaction.insertInto('sign_in_links').values(link('lost')).execute()
      await transaction.insertInto('sign_in_links').values(link('lost')).execute()
    })
    await expect(failing).rejects.toThrow(/unique/i)
    const both = [one, other].map((database, at) =>
      database.transaction().execute(async (transaction) => {
        await transaction.selectFrom('sign_in_links').selectAll().execute()
        await transaction
          .insertInto('sign_in_links')
          .values(link(`kept ${at}`))
          .execute()
      }),
    )
    await Promise.all(both)
    const kept = await other.selectFrom('sign_in_links').select('token_hash').orderBy('token_hash').execute()
    expect(kept.map(({ token_hash }) => token_hash)).toEqual(['kept 0', 'kept 1'])
    for (const database of [one, other]) await database.destroy()
  })

  it.runIf(name === 'postgres')('ends a transaction that stands still, and the process goes on', async () => {
    const database = await openDatabase(store.config)
    const limit = await sql<Record<string, string>>`SHOW idle_in_transaction_session_timeout`.execute(database)
    expect(limit.rows).toEqual([{ idle_in_transaction_session_timeout: '10s' }])
    const ended = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('sign_in_links').values({ token_hash: 'stood still', expires_at: 1 }).execute()
      // What the limit does, sooner.
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(transaction)
      await sql`SELECT pg_terminate_backend(${rows[0]!.pid})`.execute(database)
      await sleep(100)
      await transaction.insertInto('sign_in_links').values({ token_hash: 'woke up', expires_at: 1 }).execute()
    })
    await expect(ended).rejects.toThrow(/terminat|connection/i)
    const links = await database
      .selectFrom('sign_in_links')
      .selectAll()
      .where('token_hash', 'in', ['stood still', 'woke up'])
      .execute()
    expect(links).toEqual([])
    await database.destroy()
  })

  it('is as it was when a migration fails half way', async () => {
    const database = await openDatabase(store.config)
    const half = {
      async up(unfinished: Kysely<unknown>) {
        await unfinished.schema.createTable('half').addColumn('id', 'text').execute()
        throw new Error('the process ends here')
      },
    }
    const next = { ...migrations, '9999_half': half }
    await expect(migrate(database, next)).rejects.toThrow('the process ends here')
    expect((await database.introspection.getTables()).map(({ name }) => name)).not.toContain('half')
    await migrate(database, migrations)
    await database.destroy()
  })
})

it('says that PostgreSQL cannot be reached', async () => {
  const databaseUrl = 'postgres://burstlet:secret@127.0.0.1:1/burstlet'
  await expect(openDatabase({ databaseUrl, dataFolder: '' })).rejects.toThrow(/ECONNREFUSED/)
})

const folder = join(import.meta.dirname, '../src/storage/database/migrations')

it('remembers migrations by the names that were released', () => {
  const released = ['0001_installation', '0002_leases', '0010_deployments', '0011_source_maps', '0020_sessions']
  expect(Object.keys(migrations).slice(0, released.length)).toEqual(released)
  expect(Object.keys(migrations)).toEqual(Object.keys(migrations).sort())
  expect(readdirSync(folder).sort()).toEqual(Object.keys(migrations).map((name) => `${name}.ts`))
})

it.each(readdirSync(folder))('%s knows nothing of the code of today', (file) => {
  const imported = [...readFileSync(join(folder, file), 'utf8').matchAll(/\bfrom '([^']+)'/g)].map(([, from]) => from!)
  expect(imported.filter((from) => from !== 'kysely' && !from.startsWith('node:'))).toEqual([])
})
