import { eventually } from '@burstlet/testkit/eventually'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { QueryGuard } from '../src/querying/context/query-guard.ts'
import type { ClickhouseReader, ReadQuery } from '../src/storage/clickhouse/reader.ts'
import { startedEngine } from './engine-and-api.ts'
import { createTestApi, get, post, type TestApi } from './test-api.ts'

/** Answers about times that are over are kept for a minute; none of these tests waits as long. */
const timeout = 30_000
const minute = 60_000
const from = Math.floor(Date.now() / minute) * minute - 180 * minute
const range = { from, to: from + 60 * minute }
const started = startedEngine()
/** Statements of questions, and those that ask what has arrived. */
let statements = 0
let app: TestApi

beforeAll(async () => {
  await spanAt(range.from + 5 * minute)
  await logAt(range.from + 5 * minute)
  await started.engine.insert('metric_series', [
    { space: 'default', received: seconds(Date.now()), name: 'level', fingerprint: '1', type: 1, service: 'video' },
    {
      space: 'default',
      received: seconds(Date.now()),
      name: 'system.memory.usage',
      fingerprint: '2',
      type: 1,
      res_hash: 1,
    },
  ])
  await started.engine.insert('resources', [
    { space: 'default', received: seconds(Date.now()), hash: 1, service: 'video', attr_s: { 'host.name': 'h' } },
  ])
  await pointAt(range.from + 5 * minute)
  app = await createTestApi(counting(started.engine.reader), {
    queryGuard: new QueryGuard(undefined, started.engine.reader),
  })
})
afterAll(() => app.close())

function counting(reader: ClickhouseReader): ClickhouseReader {
  return {
    query: <Row>(q: ReadQuery) => {
      statements += 1
      return reader.query<Row>(q)
    },
    table: (q) => reader.table(q),
    lines: (q) => reader.lines(q),
  }
}

const seconds = (at: number) => Math.floor(at / 1000)
const insert = (sql: string, at: number) =>
  started.engine.writer.command({ query: sql, query_params: { at }, clickhouse_settings: { async_insert: 0 } })

/** A failed request to `video` that asks `billing`, which does not answer; the user is one that was not there yet. */
let traces = 0
async function spanAt(at: number): Promise<void> {
  traces += 1
  const columns =
    'space, received, service, start, duration, trace_id, span_id, name, kind, status, error_group, user_id, attr_s'
  const common = `'default', now(), 'video', fromUnixTimestamp64Milli({at:Int64}), 1000000, leftPad('${traces}', 16, '0')`
  await insert(
    `INSERT INTO spans (${columns}) SELECT ${common}, 'entry---', 'GET', 2, 2, 7, 'user ${traces}', map('exception.type', 'E')`,
    at,
  )
  await insert(
    `INSERT INTO spans (${columns}) SELECT ${common}, 'call----', 'ask', 3, 0, 0, NULL, map('peer.service', 'billing')`,
    at,
  )
}

const logAt = (at: number) =>
  insert(
    `INSERT INTO logs (space, received, service, time, severity, body, body_type, record_id)
SELECT 'default', now(), 'video', fromUnixTimestamp64Milli({at:Int64}), 9, 'a word', 1, rand64()`,
    at,
  )

async function pointAt(at: number): Promise<void> {
  for (const [name, fingerprint] of [
    ['level', 1],
    ['system.memory.usage', 2],
  ] as const) {
    await insert(
      `INSERT INTO metric_samples (space, received, name, fingerprint, time, value_type, value_double)
SELECT 'default', now(), '${name}', ${fingerprint}, fromUnixTimestamp64Milli({at:Int64}), 1, 1`,
      at,
    )
  }
}

const sum = (points: readonly (readonly [number, number | null])[]) =>
  points.reduce((all, [, value]) => all + (value ?? 0), 0)
const ask = <Answer>(path: string, more: object = {}) => get<Answer>(app, path, { ...range, ...more })
const itemsOf = async <Item>(path: string, more: object = {}) => (await ask<{ items: Item[] }>(path, more)).items
const query = async (body: object) => (await post<{ results: unknown }>(app, '/query', { ...range, ...body })).results

const step = 600
const ofSpans: Record<string, () => Promise<unknown>> = {
  '/traces': async () => (await itemsOf<unknown>('/traces')).length,
  '/services': async () => (await itemsOf<{ requests: number }>('/services'))[0]?.requests,
  '/services/video': async () => (await ask<{ requests: number }>('/services/video')).requests,
  '/overview': async () => (await ask<{ requests: number }>('/overview')).requests,
  '/overview, users': async () => (await ask<{ activeUsers: number }>('/overview')).activeUsers,
  '/service-map': async () => (await ask<{ edges: { requests: number }[] }>('/service-map')).edges[0]?.requests,
  '/errors': async () => (await itemsOf<{ count: number }>('/errors'))[0]?.count,
  '/metrics of applications': async () =>
    (await itemsOf<{ requests: { total: number } }>('/metrics', { category: 'application', interval: step })).reduce(
      (all, { requests }) => all + requests.total,
      0,
    ),
  '/fields/values': async () => itemsOf('/fields/values', { signal: 'spans', key: 'name' }),
  '/traces/compare': () => post(app, '/traces/compare', { ...range, selected: { status: 'error' } }),
  '/query, scalar': () => query({ kind: 'scalar', queries: { a: { signal: 'spans' } } }),
  '/query, over time': () =>
    query({
      kind: 'time_series',
      step,
      queries: { a: { signal: 'spans', groupBy: ['name'], aggregate: 'max(duration)', filter: 'name != x' } },
    }),
  '/query, until now': () =>
    query({ kind: 'time_series', to: 'now', step, queries: { a: { signal: 'spans', groupBy: ['name'] } } }).then(
      (results) => JSON.stringify(results).replaceAll(/\[\d+,/g, '['),
    ),
  '/query, compared': () =>
    query({
      kind: 'scalar',
      from: range.to,
      to: range.to + 60 * minute,
      queries: { a: { signal: 'spans', compare: '1h', filter: 'name = GET' } },
    }),
}
const ofLogs: Record<string, () => Promise<unknown>> = {
  '/logs': async () => (await itemsOf<unknown>('/logs')).length,
  '/logs/histogram': async () => (await ask<{ total: number }>('/logs/histogram', { interval: step })).total,
  '/logs/histogram until now': async () =>
    (await ask<{ total: number }>('/logs/histogram', { interval: step, to: 'now' })).total,
  '/logs/facets': () => ask('/logs/facets'),
  '/logs/patterns': () => ask('/logs/patterns'),
  '/query': () => query({ kind: 'scalar', queries: { a: { signal: 'logs' } } }),
}
const ofMetrics: Record<string, () => Promise<unknown>> = {
  '/metrics': () =>
    ask<{ series: { points: [number, number][] }[] }>('/metrics', {
      name: 'level',
      interval: step,
      aggregation: 'count',
    }).then(({ series }) => sum(series[0]!.points)),
  '/metrics of hosts': () => itemsOf('/metrics', { category: 'system', interval: step }),
  '/query': () =>
    query({ kind: 'time_series', step, queries: { a: { signal: 'metrics', aggregate: 'count(level)' } } }),
}

describe.each([
  ['span', ofSpans, spanAt],
  ['log record', ofLogs, logAt],
  ['point', ofMetrics, pointAt],
] as const)('a %s that arrives late', (_, views, arrive) => {
  test('is in every view of its time at once, though the answers were kept', { timeout }, async () => {
    const names = Object.keys(views)
    const before = new Map<string, unknown>()
    for (const name of names) {
      await views[name]!()
      before.set(name, await views[name]!())
    }
    await arrive(range.from + 25 * minute + 1234)
    for (const name of names) {
      const after = await eventually(async () => {
        const found = await views[name]!()
        return JSON.stringify(found) !== JSON.stringify(before.get(name)) && { found }
      }).catch((error: unknown) => {
        throw new Error(name, { cause: error })
      })
      expect(after.found, name).toBeDefined()
    }
  })
})

test('what arrives for another time leaves kept answers as they are', { timeout }, async () => {
  // An answer is not kept while what has just arrived may still be on its way into the tables.
  await eventually(async () => {
    await ask('/traces')
    const before = statements
    await ask('/traces')
    return statements === before
  })
  await spanAt(range.to + 75 * minute)
  await logAt(range.from + 5 * minute)
  const elsewhere = () => itemsOf('/traces', { from: range.to + 70 * minute, to: range.to + 80 * minute })
  await eventually(async () => (await elsewhere()).length === 1)
  const before = statements
  await ask('/traces')
  expect(statements).toBe(before)
})
