import { randomBytes } from 'node:crypto'
import { Kysely, SqliteDialect } from 'kysely'
import { pino } from 'pino'
import { KeyRing } from './access/key-ring.ts'
import { Sessions } from './access/sessions.ts'
import { createApp } from './app.ts'
import { SourceMaps } from './features/source-maps/source-maps.ts'
import { SourceMapStore } from './features/source-maps/store.ts'
import type { Tables } from './storage/database/tables.ts'

/** The OpenAPI document of the whole API as text. Nothing is started: the routes are only asked what they are. */
export async function apiDocument(): Promise<string> {
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: describesItself }) })
  const log = pino({ level: 'silent' })
  const app = await createApp({
    reader: { query: describesItself, table: describesItself, lines: describesItself },
    database,
    sourceMaps: new SourceMaps(new SourceMapStore(database, 0), log),
    log,
    guard: { keys: new KeyRing({}), sessions: new Sessions(database, randomBytes(32)), publicUrl: undefined },
    health: { startedAt: Date.now(), probes: {} },
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return `${JSON.stringify(document, null, 2)}\n`
}

async function describesItself(): Promise<never> {
  throw new Error('This app only describes itself.')
}
