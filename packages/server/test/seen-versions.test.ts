import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LeaseLost } from '../src/background/scheduler/lease.ts'
import { readAnnotations } from '../src/features/annotations/deployments.ts'
import { seenVersionsJob } from '../src/features/annotations/seen-versions.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { startedEngine } from './engine-and-api.ts'
import { freeLease, lostLease } from './free-lease.ts'

const now = Date.now()
const second = (ago: number) => Math.floor(now / 1000) - ago

const started = startedEngine()
let folder: string
let database: Database

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'burstlet-versions-'))
  database = await openDatabase({ dataFolder: folder })
})
afterAll(async () => {
  await database?.destroy()
  await rm(folder, { recursive: true, force: true })
})

let hash = 0
const sent = (service: string, version: string, ago: number, environment?: string) => ({
  space: 'default',
  received: second(ago),
  hash: String(++hash),
  service,
  attr_s: {
    'service.name': service,
    'service.version': version,
    ...(environment !== undefined && { 'deployment.environment.name': environment }),
  },
})

const seen = async () => {
  const found = await readAnnotations(database, 'default', { from: now - 30 * 86_400_000, to: now + 1000 }, {})
  return found.map(({ service, version, environment, time }) => [
    service,
    version,
    environment,
    Math.round(Date.parse(time) / 1000) - second(0),
  ])
}

it('marks when telemetry of a new version came in first, once, whatever sends it', async () => {
  await started.engine.insert('resources', [
    sent('shop', '1', 900_000),
    sent('shop', '2', 3600, 'production'),
    sent('shop', '2', 1000),
    // Two instances of one version.
    sent('shop', '2', 990),
    sent('video', '', 800),
  ])
  const lease = freeLease(database)
  const job = seenVersionsJob(database, started.engine.reader)
  await job.run(lease, new AbortController().signal)
  // Of `production` it is the first that is known, of `video` there is none.
  expect(await seen()).toEqual([['shop', '2', '', -1000]])

  await started.engine.insert('resources', [
    sent('shop', '3', 10),
    sent('shop', '3', 5, 'production'),
    sent('shop', '1', 3),
  ])
  await job.run(lease, new AbortController().signal)
  const after = [
    ['shop', '3', 'production', -5],
    ['shop', '3', '', -10],
    ['shop', '2', '', -1000],
  ]
  expect(await seen()).toEqual(after)
  await seenVersionsJob(database, started.engine.reader).run(lease, new AbortController().signal)
  expect(await seen()).toEqual(after)
})

it('keeps nothing that it did while another process took over', async () => {
  await started.engine.insert('resources', [sent('shop', '4', 1)])
  const run = seenVersionsJob(database, started.engine.reader).run(lostLease, new AbortController().signal)
  await expect(run).rejects.toThrow(LeaseLost)
  expect((await seen()).map(([, version]) => version)).not.toContain('4')
})
