import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@burstlet/testkit/eventually'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KeyRing } from '../src/access/key-ring.ts'
import { Sessions } from '../src/access/sessions.ts'
import { createApp } from '../src/app.ts'
import { runPass } from '../src/background/rollups/pass.ts'
import { rollups } from '../src/background/rollups/rollups.ts'
import { seenVersionsJob } from '../src/features/annotations/seen-versions.ts'
import { SourceMaps } from '../src/features/source-maps/source-maps.ts'
import { SourceMapStore } from '../src/features/source-maps/store.ts'
import { GrpcServer } from '../src/ingest/grpc/server.ts'
import { createIngestServer } from '../src/ingest/http/server.ts'
import { Receiver } from '../src/ingest/receiver.ts'
import { DeadLetterOrders } from '../src/ingest/reports/orders.ts'
import { reportOn } from '../src/ingest/reports/report.ts'
import { IngestReports } from '../src/ingest/reports/reports.ts'
import { OpenGeneration } from '../src/ingest/spool/generation.ts'
import { type Database, openDatabase } from '../src/storage/database/database.ts'
import { freeLease } from './free-lease.ts'
import { frame, openCall, openSession } from './grpc-streams.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'
import { type Ask, asks, changes, type Planted, streams } from './two-spaces/asks.ts'
import {
  answerOf,
  figuresOf,
  findsOwn,
  keyOf,
  nameOf,
  operations,
  otherOf,
  prefix,
  requestOf,
  spaces,
  traceOf,
  withoutEcho,
} from './two-spaces/requests.ts'
import { markOf, type SpaceName, telemetryOf, traceIdOf } from './two-spaces/telemetry.ts'

// All of it is over, so that answers are kept, and three hours ago, so that rollups by the hour have it.
const hour = 3_600_000
const from = new Date(Math.floor(Date.now() / hour) * hour - 4 * hour).toISOString()
const to = new Date(Date.parse(from) + 3 * hour).toISOString()
const at = Date.parse(from) + hour + 20 * 60_000

const root = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
const log = pino({ level: 'silent' })
let engine: TestEngine
let database: Database
let receiver: Receiver
let ingest: FastifyInstance
/** Its caches are those that all are asked with, in turn. */
let app: FastifyInstance
const planted = {} as Record<SpaceName, Planted>
/** What space `a` was told before anything of `b` was there. */
const before = new Map<string, string>()

beforeAll(async () => {
  engine = await startTestEngine()
  database = await openDatabase({ dataFolder: root })
  await refuseSomething()
  receiver = new Receiver({
    root,
    connection: engine.connection,
    log,
    maxBodyBytes: 1_000_000,
    workers: 1,
    capBytes: 100_000_000,
    insertIntervalMs: 20,
  })
  ingest = await createIngestServer({ receiver, log, keys, corsOrigins: [] })
  const first = await startApp()
  await plant(first, 'a')
  for (const { id } of operations) {
    for (const ask of asks[id]?.(planted.a) ?? [])
      before.set(nameOf(id, ask), figuresOf(await answerOf(first, 'a', id, ask)))
  }
  await first.close()
  app = await startApp()
  await plant(app, 'b')
}, 120_000)
afterAll(async () => {
  await app?.close()
  await ingest?.close()
  await receiver?.spool.stop()
  await database?.destroy()
  await engine?.stop()
  rmSync(root, { recursive: true, force: true })
})

const keys = new KeyRing({
  ingestKeys: spaces.map((space) => ({ key: keyOf(space), name: `key of ${space}`, space })),
  apiKeys: spaces.map((space) => ({ key: keyOf(space), space })),
})

async function startApp(): Promise<FastifyInstance> {
  const { id } = receiver.spool.identity
  const started = await createApp({
    reader: engine.reader,
    database,
    sourceMaps: new SourceMaps(new SourceMapStore(database, 1_000_000), log),
    receiver,
    reports: new IngestReports({ database, id, own: () => reportOn(receiver, true), log }),
    orders: new DeadLetterOrders(database, id, receiver.spool),
    storage: { disks: { disks: [] }, brokenParts: { list: async () => [] } },
    log,
    guard: { keys, sessions: new Sessions(database, Buffer.alloc(32)), publicUrl: undefined },
    health: { startedAt: 0, probes: {} },
  })
  await started.listen({ host: '127.0.0.1', port: 0 })
  return started
}

/** A segment of each space that the engine does not take. */
async function refuseSomething(): Promise<void> {
  for (const [index, space] of spaces.entries()) {
    const bytes = Buffer.from(`no block at all of ${space}`)
    await new OpenGeneration(root, 0, 11 + index).commit([{ table: 'spans', rows: 1, bytes }], [], [space])
  }
}

async function send(space: SpaceName, signal: string, payload: object): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${keyOf(space)}` }
  const response = await ingest.inject({ method: 'POST', url: `/v1/${signal}`, headers, payload })
  expect(response.statusCode, response.body).toBe(200)
}

/** Brings everything of a space in, by its keys, and finds out what can be asked about it. */
async function plant(asked: FastifyInstance, space: SpaceName): Promise<void> {
  const { traces, logs, metrics } = telemetryOf(space, at)
  for (const [signal, request] of Object.entries({ traces, logs, metrics })) await send(space, signal, request)
  // One that is rejected is named in the counts.
  await send(space, 'traces', { resourceSpans: [{ scopeSpans: [{ spans: [{ name: markOf(space, 'rejected') }] }] }] })
  await eventually(() => receiver.spool.status().depth.bytes === 0)
  for (const rollup of rollups) {
    await runPass(engine.writer, { rollup, retention: { traces: 7, logs: 7 }, now: Date.now(), catchUp: true })
  }
  await seenVersionsJob(database, engine.reader).run(freeLease(database), new AbortController().signal)
  const json = async (id: string, ask: Ask) => JSON.parse(await answerOf(asked, space, id, ask))
  const place = { service: markOf(space, 'shop'), version: markOf(space, 'version') }
  const recorded = { ...place, environment: markOf(space, 'environment'), commit: markOf(space, 'commit'), time: from }
  const annotation = await json('recordAnnotation', { body: recorded })
  const map = { version: 3, sources: [markOf(space, 'source')], names: [], mappings: 'AAAA' }
  await json('uploadSourceMap', { query: { ...place, file: `https://x/${markOf(space, 'map')}.js` }, body: map })
  const groups = await json('listErrorGroups', { query: { from, to } })
  const records = await json('searchLogs', { query: { from, to } })
  const tree = await json('getTrace', { path: { traceId: traceIdOf(space) } })
  planted[space] = {
    space,
    from,
    to,
    errorGroups: groups.items.map(({ id }: { id: string }) => id),
    log: records.items[0],
    rootSpan: tree.spans?.[0]?.spanId ?? `${traceIdOf(space).slice(0, 15)}1`,
    annotation: annotation.id,
    refused: `0-${space === 'a' ? 11 : 12}-spans`,
  }
}

it('knows what to ask of every route', () => {
  expect([...Object.keys(asks), ...changes, ...streams].sort()).toEqual(operations.map(({ id }) => id).sort())
})

it('has planted a text of each space in every column of text', async () => {
  const sql = `SELECT table, name FROM system.columns
    WHERE database = currentDatabase() AND match(type, '\\bString\\b') AND NOT startsWith(type, 'AggregateFunction') ORDER BY table, name`
  const columns = await engine.everything.query<{ table: string; name: string }>({ sql })
  const unmarked: string[] = []
  for (const [table, own] of Map.groupBy(columns, (column) => column.table)) {
    if (!own.some(({ name }) => name === 'space') || table.endsWith('_view')) continue
    const names = own.map(({ name }) => name).filter((name) => name !== 'space')
    const marked = names.map((name) => `countIf(toString(${name}) LIKE '%only-b%') > 0`)
    const [row] = await engine.everything.query<{ marked: boolean[] }>({
      sql: `SELECT [${marked.join(', ') || '1'}] AS marked FROM ${table} WHERE space = 'b'`,
    })
    unmarked.push(...names.filter((_, index) => !Number(row!.marked[index])).map((name) => `${table}.${name}`))
  }
  // Words of ours.
  expect(unmarked.filter((name) => !/\.(?:signal|rollup|source_kind|target_kind)$/.test(name))).toEqual([])
})

describe.each(operations.filter(({ id }) => asks[id]))('$id', ({ id }) => {
  it('tells each space what is its own, and nothing of the other', async () => {
    for (const space of ['b', 'a', 'b'] as const) {
      for (const ask of asks[id]!(planted[space])) {
        const own = await answerOf(app, space, id, ask)
        expect
          .soft(findsOwn(own, space, ask), `${space} finds its own: ${nameOf(id, ask)} ${own.slice(0, 400)}`)
          .toBe(true)
        expect.soft(own, nameOf(id, ask)).not.toMatch(traceOf(otherOf(space)))
        if (space === 'a' && ask.finds !== 'never')
          expect.soft(figuresOf(own), nameOf(id, ask)).toBe(before.get(nameOf(id, ask)))
        const foreign = withoutEcho(await answerOf(app, otherOf(space), id, ask), ask)
        expect.soft(foreign, `asked in ${otherOf(space)}: ${nameOf(id, ask)}`).not.toMatch(traceOf(space))
        if (ask.finds instanceof RegExp) expect.soft(foreign, nameOf(id, ask)).not.toMatch(ask.finds)
      }
    }
  })
})

it('streams the log records of its own space only', async () => {
  const { port } = app.server.address() as AddressInfo
  const closing = new AbortController()
  const received = { a: '', b: '' }
  const streaming = spaces.map(async (space) => {
    const url = `http://127.0.0.1:${port}${prefix}/logs/tail`
    const response = await fetch(url, { headers: { authorization: `Bearer ${keyOf(space)}` }, signal: closing.signal })
    for await (const chunk of response.body!) received[space] += Buffer.from(chunk).toString()
  })
  const sent = setInterval(() => {
    for (const space of spaces) void send(space, 'logs', telemetryOf(space, Date.now()).logs)
  }, 300)
  await eventually(() => spaces.every((space) => traceOf(space).test(received[space])))
  clearInterval(sent)
  closing.abort()
  await Promise.allSettled(streaming)
  for (const space of spaces) expect(received[space]).not.toMatch(traceOf(otherOf(space)))
})

it('lets nobody change or remove what is of another space', async () => {
  const { annotation, refused } = planted.b
  const place = { service: markOf('b', 'shop'), version: markOf('b', 'version') }
  const status = async (space: SpaceName, id: string, ask: Ask) =>
    (await app.inject(requestOf(space, id, ask))).statusCode
  expect(await status('a', 'deleteAnnotation', { path: { id: annotation } })).toBe(404)
  await status('a', 'deleteSourceMaps', { query: place })
  expect(await status('a', 'retryRefusedSegment', { path: { id: refused } })).toBe(404)
  expect(await status('a', 'dropRefusedSegment', { path: { id: refused } })).toBe(404)
  for (const id of ['listAnnotations', 'listSourceMaps', 'listRefusedSegments']) {
    for (const ask of asks[id]!(planted.b)) expect(findsOwn(await answerOf(app, 'b', id, ask), 'b', ask), id).toBe(true)
  }
  expect(await status('b', 'deleteAnnotation', { path: { id: annotation } })).toBe(204)
  expect(await status('b', 'retryRefusedSegment', { path: { id: refused } })).toBe(409)
  expect(await status('b', 'dropRefusedSegment', { path: { id: refused } })).toBe(200)
})

it('stores what a request brings in its own space', async () => {
  const metric = { name: markOf('b', 'custom'), type: 'gauge', value: 1, unit: '1', service: markOf('b', 'shop') }
  await answerOf(app, 'b', 'sendCustomMetrics', { body: metric })
  const names = (space: SpaceName) => answerOf(app, space, 'listMetricNames', { query: { search: 'custom' } })
  await eventually(async () => (await names('b')).includes(metric.name))
  expect(await names('a')).not.toContain(metric.name)
  await answerOf(app, 'b', 'collectMetrics', {})
  const hosts = async (space: SpaceName) =>
    answerOf(app, space, 'searchLogs', {}).then(() =>
      answerOf(app, space, 'listMetricNames', { query: { search: 'system.cpu' } }),
    )
  await eventually(async () => (await hosts('b')).includes('system.cpu'))
  expect(await hosts('a')).not.toContain('system.cpu')
})

it('keeps what comes over gRPC in the space of its key', async () => {
  const grpc = new GrpcServer({ receiver, log, keys, corsOrigins: [] })
  const port = await grpc.listen({ host: '127.0.0.1', port: 0 })
  const session = openSession(`http://127.0.0.1:${port}`)
  const sized = (tag: number, content: Buffer) => Buffer.concat([Buffer.of(tag, content.length), content])
  for (const space of spaces) {
    const body = sized(0x2a, sized(0x0a, Buffer.from(markOf(space, 'over-grpc'))))
    const message = sized(0x0a, sized(0x12, sized(0x12, body)))
    const call = openCall(session, { authorization: `Bearer ${keyOf(space)}` })
    call.stream.end(frame(message))
    expect(await call.result).toMatchObject({ status: 0 })
  }
  session.close()
  await grpc.close()
  const found = (space: SpaceName) => answerOf(app, space, 'searchLogs', { query: { search: 'over-grpc' } })
  for (const space of spaces) {
    await eventually(async () => (await found(space)).includes(markOf(space, 'over-grpc')))
    expect(await found(space)).not.toContain(markOf(otherOf(space), 'over-grpc'))
  }
})
