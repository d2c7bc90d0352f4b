import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import { KeyRing } from '../../access/key-ring.ts'
import { ClickhouseConnection } from '../../storage/clickhouse/connection.ts'
import { Receiver } from '../receiver.ts'
import { createIngestServer } from './server.ts'

const ingestKey = 'k'.repeat(32)
const origin = 'https://shop.example'
const root = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
const log = pino({ level: 'silent' })
const receiver = new Receiver({
  root,
  connection: new ClickhouseConnection(),
  log,
  maxBodyBytes: 100_000,
  workers: 1,
  capBytes: 1_000_000,
  insertIntervalMs: 1000,
})
const app = await createIngestServer({
  receiver,
  log,
  keys: new KeyRing({ ingestKey }),
  corsOrigins: [origin],
})
afterAll(async () => {
  await app.close()
  await receiver.spool.stop()
  rmSync(root, { recursive: true })
})

const preflight = (from: string) =>
  app.inject({
    method: 'OPTIONS',
    url: '/v1/traces',
    headers: {
      origin: from,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })

describe('a page of a configured origin', () => {
  it('may ask first without the key, which a browser never sends then', async () => {
    const answer = await preflight(origin)
    expect(answer.statusCode).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    expect(answer.headers['access-control-allow-headers']).toMatch(/authorization/)
  })
  it('sends with the key, and reads the answer', async () => {
    const headers = { origin, 'content-type': 'application/json' }
    const send = (extra: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/v1/traces', headers: { ...headers, ...extra }, payload: '{}' })
    const answer = await send({ authorization: `Bearer ${ingestKey}` })
    expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([200, origin])
    expect((await send({})).statusCode).toBe(401)
  })
})

it('refuses the preflight of any other page', async () => {
  const answer = await preflight('https://evil.example')
  expect(answer.statusCode).toBe(403)
  expect(answer.headers['access-control-allow-origin']).toBeUndefined()
})

it('answers 415 to a body without a Content-Type', async () => {
  const headers = { authorization: `Bearer ${ingestKey}` }
  expect((await app.inject({ method: 'POST', url: '/v1/logs', headers })).statusCode).toBe(415)
})
