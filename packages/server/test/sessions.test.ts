import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Sessions } from '../src/access/sessions.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { type RelationalStore, relationalStores } from './relational-stores.ts'

const minute = 60_000
const day = 24 * 3600_000

describe.each(relationalStores)('%s', (_name, start) => {
  let store: RelationalStore
  let database: Database
  const key = randomBytes(32)
  const sessions = () => new Sessions(database, key)
  beforeAll(async () => {
    store = await start()
    database = await openDatabase(store.config)
  })
  afterAll(async () => {
    await database.destroy()
    await store.stop()
  })

  it('a link opens one session, whoever uses it at the same time', async () => {
    const link = await sessions().issueLink()
    const opened = await Promise.all(['a', 'b', 'c'].map((agent) => sessions().open(link, agent)))
    const [token, ...others] = opened.filter((each) => each !== undefined)
    expect(others).toEqual([])
    expect(await sessions().open(link, 'd')).toBeUndefined()
    const session = await sessions().find(token)
    expect(session?.userAgent).toMatch(/^[abc]$/)
    // What one is for is not what the other is for.
    expect(await sessions().find(link)).toBeUndefined()
    expect(await sessions().open(token!, 'e')).toBeUndefined()
  })

  it('a link whose session cannot be stored is good for another try', async () => {
    const link = await sessions().issueLink()
    await database.schema.alterTable('sessions').renameTo('sessions_away').execute()
    await expect(sessions().open(link, 'a')).rejects.toThrow(/sessions/)
    await database.schema.alterTable('sessions_away').renameTo('sessions').execute()
    expect(await sessions().open(link, 'a')).toBeDefined()
  })

  it('a link is good for a quarter of an hour, a session for thirty days', async () => {
    const now = Date.now()
    const link = await sessions().issueLink(now)
    expect(await sessions().open(link, 'a', now + 16 * minute)).toBeUndefined()
    const token = await sessions().open(link, 'a', now + 14 * minute)
    expect(await sessions().find(token, now + 29 * day)).toBeDefined()
    expect(await sessions().find(token, now + 31 * day)).toBeUndefined()
    const known = sessions()
    await known.find(token, now)
    expect(await known.find(token, now + 31 * day)).toBeUndefined()
  })

  it('a session that was ended is over', async () => {
    const here = sessions()
    const elsewhere = sessions()
    const token = await here.open(await here.issueLink(), 'mine')
    const session = await here.find(token)
    expect(await elsewhere.find(token)).toEqual(session)
    expect((await here.list()).map(({ id }) => id)).toContain(session?.id)
    expect(await here.end(session!.id)).toBe(true)
    expect(await here.end(session!.id)).toBe(false)
    expect(await here.find(token)).toBeUndefined()
    expect(await elsewhere.find(token)).toBeUndefined()
    expect((await here.list()).map(({ id }) => id)).not.toContain(session?.id)
  })

  it('the store does not hold what opens a session, and a row of another key is none', async () => {
    const link = await sessions().issueLink()
    const token = await sessions().open(link, 'a')
    const rows = JSON.stringify([
      await database.selectFrom('sessions').selectAll().execute(),
      await database.selectFrom('sign_in_links').selectAll().execute(),
    ])
    expect(rows).not.toContain(token)
    expect(rows).not.toContain(link)
    expect(await new Sessions(database, randomBytes(32)).find(token)).toBeUndefined()
    for (const altered of [`${token}x`, token!.slice(1), '', undefined]) {
      expect(await sessions().find(altered)).toBeUndefined()
    }
  })
})
