import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorGroupResponse, errorGroupsResponse } from '@burstlet/contract/error-groups'
import { Hash64 } from '@burstlet/otlp/hash'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { groupIdOf } from '../src/features/errors/found.ts'
import { SourceMaps } from '../src/features/source-maps/source-maps.ts'
import { SourceMapStore } from '../src/features/source-maps/store.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { startedEngine } from './engine-and-api.ts'
import { nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { createTestApi, get, type TestApi } from './test-api.ts'

/** Of one line of built script: from column 10 on src/a.ts, from column 500 on src/b.ts. */
const map = { version: 3 as const, sources: ['src/a.ts', 'src/b.ts'], names: [], mappings: 'SAAA,0eCAA' }
const type = 'TypeError'
const message = 'x is undefined'
const stackAt = (name: string, column: number) =>
  `${type}: ${message}\n    at ${name} (https://shop.example/app.js:1:${column})`
/** Built function and column of each error, of a release that has a map and of one that has none. */
const errors = [
  { version: '1', stack: stackAt('n', 10) },
  { version: '1', stack: stackAt('n', 500) },
  { version: '2', stack: stackAt('q', 12) },
  { version: 'unmapped', stack: stackAt('n', 10) },
]
const storedId = (stack: string) =>
  groupIdOf({ service: 'shop', type, message, stack, operation: 'work' }, new Hash64())

const started = startedEngine()
let folder: string
let database: Database
let sourceMaps: SourceMaps
let app: TestApi

beforeAll(async () => {
  const { engine } = started
  folder = await mkdtemp(join(tmpdir(), 'burstlet-mapped-'))
  database = await openDatabase({ dataFolder: folder })
  sourceMaps = new SourceMaps(new SourceMapStore(database, 1_000_000), { warn: () => {} })
  app = await createTestApi(engine.reader, { sourceMaps })
  const at = Date.now() - 600_000
  const hashOf = (version: string) => String(100 + errors.findIndex((error) => error.version === version))
  await engine.insert(
    'resources',
    [...new Set(errors.map(({ version }) => version))].map((version) => ({
      space: 'default',
      received: receivedNow(),
      hash: hashOf(version),
      service: 'shop',
      attr_s: { 'service.name': 'shop', 'service.version': version },
    })),
  )
  const row = (version: string, index: number) => ({
    space: 'default',
    received: receivedNow(),
    service: 'shop',
    res_hash: hashOf(version),
    trace_id: `mapped-${String(index).padStart(9, '0')}`,
    span_id: `span${String(index).padStart(4, '0')}`,
  })
  const exception = (stack: string) => ({
    'exception.type': type,
    'exception.message': message,
    'exception.stacktrace': stack,
  })
  await engine.insert(
    'logs',
    errors.map(({ version, stack }, index) => ({
      // Of other requests than the spans, so that each counts.
      ...row(version, index + 100),
      time: time64(nsOfMs(at + index)),
      record_id: String(index),
      severity: 17,
      body: message,
      body_type: 1,
      attr_s: exception(stack),
    })),
  )
  await engine.insert(
    'spans',
    errors.map(({ version, stack }, index) => ({
      ...row(version, index),
      start: time64(nsOfMs(at + index)),
      name: 'work',
      kind: 1,
      status: 2,
      adjusted_count: 1,
      error_group: BigInt(`0x${storedId(stack)}`).toString(),
      'events.time': [time64(nsOfMs(at + index))],
      'events.name': ['exception'],
      'events.attributes': [JSON.stringify(exception(stack))],
      'events.dropped_attributes': [0],
    })),
  )
})
afterAll(async () => {
  await app?.close()
  await sourceMaps?.stop()
  await database?.destroy()
  await rm(folder, { recursive: true, force: true })
})

const groups = async () => errorGroupsResponse.parse(await get(app, '/errors')).items
const groupOf = async (id: string) => errorGroupResponse.parse(await get(app, `/errors/${id}`))

it('without source maps, what the build named the same is one group', async () => {
  const found = await groups()
  expect(found.map(({ logs, spans }) => [logs, spans])).toEqual([
    [3, 3],
    [1, 1],
  ])
})

it('with them, groups are those of the sources, over releases', async () => {
  for (const version of ['1', '2']) {
    const release = { space: 'default', service: 'shop', version }
    await sourceMaps.store.put(release, 'app.js', map)
    sourceMaps.changed(release)
  }
  const found = await Promise.all((await groups()).map(({ id }) => groupOf(id)))
  const places = found.map(({ mappedStack, logs }) => `${mappedStack?.frames[0]?.file ?? 'as sent'} ${logs}`)
  // Column 10 of release 1 and column 12 of release 2 are one place; column 500 is another, in the same line and function.
  expect(places.toSorted()).toEqual(['as sent 1', 'src/a.ts 2', 'src/b.ts 1'])
  expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(8)
})

it('a link from before the source maps still leads to the error', async () => {
  const stack = stackAt('q', 12)
  const group = await groupOf(storedId(stack))
  expect(group).toMatchObject({ stack, spans: 1, mappedStack: { frames: [{ file: 'src/a.ts' }] } })
})
