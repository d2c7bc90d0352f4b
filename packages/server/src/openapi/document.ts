import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { KeyRing } from '../auth/key-ring.ts'
import { Tokens } from '../auth/tokens.ts'

/** The OpenAPI document of the whole API as text. Nothing is started: the routes are only asked what they are. */
export async function apiDocument(): Promise<string> {
  const app = await createApp({
    reader: { query: describesItself, table: describesItself, lines: describesItself },
    log: pino({ level: 'silent' }),
    guard: { keys: new KeyRing({}), tokens: new Tokens(randomBytes(32)), publicUrl: undefined },
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
