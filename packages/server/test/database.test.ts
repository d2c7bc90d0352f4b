import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../src/storage/database/database.ts'
import { type RelationalStore, relationalStores } from './relational-stores.ts'

describe.each(relationalStores)('%s', (_name, start) => {
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
})

it('says that PostgreSQL cannot be reached', async () => {
  const databaseUrl = 'postgres://burstlet:secret@127.0.0.1:1/burstlet'
  await expect(openDatabase({ databaseUrl, dataFolder: '' })).rejects.toThrow(/ECONNREFUSED/)
})
