import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type QueryBody, queryBody } from '@burstlet/contract/query'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createReader, defaultReadLimits, type ReadQuery } from '../src/clickhouse/reader.ts'
import { runQuery } from '../src/query/run.ts'
import { guardedReader } from '../src/query-guard/guarded-reader.ts'
import { defaultHeavyLimits, type HeavyLimits, HeavyQueries } from '../src/query-guard/heavy-queries.ts'
import { QueryCache } from '../src/query-guard/query-cache.ts'
import { QueryGuard } from '../src/query-guard/query-guard.ts'
import { defaultRetention, type Scope } from '../src/search/query-options.ts'
import { Random } from './rows/random.ts'
import { createTestApi, problemOfPost } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
let app: FastifyInstance

beforeAll(async () => {
  engine = await startTestEngine()
  app = await createTestApi(engine.reader)
})
afterAll(async () => {
  await app?.close()
  await engine?.stop()
})

const scopeOf = (space: string, cache?: QueryCache): Scope => ({
  reader: engine.reader,
  retention: defaultRetention,
  space,
  signal: new AbortController().signal,
  ...(cache && { cache }),
})

async function insertAt(space: string, at: number, count: number, name = 'x'): Promise<void> {
  await engine.writer.command({
    query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind)
            SELECT {space:String}, now(), 'video', fromUnixTimestamp64Milli({at:Int64} + number % 1000), 1000000 * (number % 90), 'weighted-0000000', 'weighted', {name:String}, 2 FROM numbers({count:UInt32})`,
    query_params: { space, at, count, name },
  })
}

describe('the cache', () => {
  test('answers as without it, while time goes on and spans come in', async () => {
    const random = new Random(17)
    const cache = new QueryCache()
    const start = Date.now() - 3_000_000
    for (let at = start - 1_800_000; at < start; at += 60_000) {
      await insertAt('live', at, 1 + random.whole(60), random.of(['a', 'b', 'c']))
    }
    const asked: Omit<QueryBody['queries'][string], 'signal'>[] = [
      { aggregate: 'count', groupBy: [], other: true },
      { aggregate: 'p95(duration)', groupBy: ['name'], limit: 2, other: true },
      { aggregate: 'rate', groupBy: ['name'], filter: 'kind = server', other: true },
      { aggregate: 'avg(duration)', groupBy: ['name'], limit: 1, other: false, compare: '10m' },
      { aggregate: 'max(duration)', groupBy: ['name'], limit: 3, orderBy: 'name', other: true },
    ]
    let cached = 0
    for (let round = 0; round < 16; round++) {
      const now = start + round * 13_000
      await insertAt('live', now - random.whole(20_000), 1 + random.whole(30), random.of(['a', 'b', 'c', 'd']))
      const query = asked[round % asked.length]!
      const body = queryBody.parse({
        from: now - random.of([600_000, 900_000, 1_234_567]),
        to: now,
        step: random.of([30, 60]),
        queries: { a: { signal: 'spans', ...query } },
      })
      const known = await runQuery(scopeOf('live', cache), body, { now })
      const fresh = await runQuery(scopeOf('live'), body, { now })
      expect(known.results, JSON.stringify(body)).toEqual(fresh.results)
      if (known.meta.cached) cached += 1
      expect(fresh.meta.cached).toBe(false)
    }
    expect(cached).toBeGreaterThan(3)
  })

  test('keeps what is over, for its tenant only', async () => {
    const cache = new QueryCache()
    const from = Math.floor(Date.now() / 60_000) * 60_000 - 1_200_000
    await insertAt('one', from, 5)
    const body = queryBody.parse({ from, to: from + 600_000, kind: 'scalar', queries: { a: { signal: 'spans' } } })
    const value = async (space: string) => {
      const { results, meta } = await runQuery(scopeOf(space, cache), body)
      return [results['a']!.series![0]!.value, meta.cached]
    }
    expect(await value('one')).toEqual([5, false])
    expect(await value('one')).toEqual([5, true])
    expect(await value('two')).toEqual([0, false])
    const open = queryBody.parse({ from, to: 'now', kind: 'scalar', queries: { a: { signal: 'spans' } } })
    for (const expected of [5, 8]) {
      const { results, meta } = await runQuery(scopeOf('one', cache), open)
      expect([results['a']!.series![0]!.value, meta.cached]).toEqual([expected, false])
      await insertAt('one', Date.now() - 1000, 3)
    }
  })
})

test('what found nothing is asked anew, so that who waits for something to arrive sees it', async () => {
  const app = await createTestApi(engine.reader, { guard: new QueryGuard() })
  const range = { from: Date.now() - 900_000, to: Date.now() - 300_000 }
  const headers = { 'x-space': 'awaited' }
  const traces = async () =>
    (await app.inject({ url: `/traces?from=${range.from}&to=${range.to}`, headers })).json<{ items: object[] }>().items
  const counted = async (kind: string) => {
    const queries = { a: { signal: 'spans', groupBy: ['name'] } }
    const payload = { ...range, kind, step: 60, queries }
    const answer = await app.inject({ method: 'POST', url: '/query', headers, payload })
    return JSON.stringify(answer.json<{ results: object }>().results)
  }
  expect(await traces()).toEqual([])
  for (const kind of ['table', 'time_series']) expect(await counted(kind)).not.toContain('awaited')
  await insertAt('awaited', range.from + 60_000, 3, 'awaited')
  expect(await traces()).toHaveLength(1)
  for (const kind of ['table', 'time_series']) expect(await counted(kind)).toContain('awaited')
  await app.close()
})

describe('limits', () => {
  const sql =
    'SELECT count() FROM spans AS a CROSS JOIN spans AS b CROSS JOIN spans AS c WHERE a.duration + b.duration > c.duration'
  beforeAll(() => insertAt('default', Date.now() - 60_000, 20_000))

  test('of time and memory are told by name, with how to narrow', async () => {
    for (const [limits, reason] of [
      [{ seconds: 1 }, 'after 1 s'],
      [{ memoryBytes: 50_000_000, seconds: 30 }, 'MB of memory'],
    ] as const) {
      const reader = createReader(() => engine.connection.reader, { ...defaultReadLimits, ...limits })
      const bounded = await createTestApi(reader)
      const problem = await problemOfPost(bounded, '/sql', {
        query:
          'memoryBytes' in limits ? 'SELECT length(groupArray(a.duration)) FROM spans AS a CROSS JOIN spans AS b' : sql,
      })
      expect(problem).toMatchObject({ status: 422, code: 'QUERY_LIMIT' })
      expect(problem.detail).toContain(reason)
      expect(problem.detail).toContain('shorter time range')
      await bounded.close()
    }
  })

  test('a client that goes away ends its statement', async () => {
    const address = await app.listen({ host: '127.0.0.1', port: 0 })
    const away = new AbortController()
    const asked = fetch(`${address}/sql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `SELECT 'going away', ${sql.slice(7)}` }),
      signal: away.signal,
    })
    const caught = expect(asked).rejects.toThrow()
    await until(async () => (await running()) > 0)
    away.abort()
    await caught
    await until(async () => (await running()) === 0)
  })

  async function running(): Promise<number> {
    const result = await engine.writer.query({
      query: `SELECT count() AS n FROM system.processes WHERE query LIKE '%going away%' AND query NOT LIKE '%system.processes%'`,
      format: 'JSONEachRow',
    })
    return Number((await result.json<{ n: string }>())[0]!.n)
  }

  test('only a statement that may read much takes turns', async () => {
    const count = async (rows: number) => {
      const { heavy, ran } = watched({ rows })
      await guardedReader(engine.reader, heavy, 'me').query({
        sql: "SELECT count() AS n FROM spans WHERE space = 'default' AND duration > 0",
      })
      return ran
    }
    expect(await count(1_000_000)).toEqual([])
    expect(await count(10_000)).toEqual(['me'])
  })
})

/** Heavy queries, and who ran one. */
function watched(limits: Partial<HeavyLimits>): { heavy: HeavyQueries; ran: string[] } {
  const heavy = new HeavyQueries({ ...defaultHeavyLimits, ...limits })
  const ran: string[] = []
  const run = heavy.run.bind(heavy)
  heavy.run = (asker, signal, statement) => {
    ran.push(asker)
    return run(asker, signal, statement)
  }
  return { heavy, ran }
}

describe('every view', () => {
  const now = Date.now()
  const trace = Buffer.from('weighted-0000000').toString('hex')
  const metric = 'guarded.metric'
  const body = (path: string, payload: object) => ({ method: 'POST' as const, url: path, payload })
  const views = [
    '/overview',
    '/services',
    '/services/video',
    '/service-map',
    '/errors',
    '/traces?operation=x',
    `/traces/${trace}`,
    `/traces/${trace}/tree`,
    '/logs?search=word',
    '/logs/histogram?filter=word',
    '/logs/facets',
    '/logs/patterns',
    '/metrics?category=application',
    `/metrics?name=${metric}`,
    '/fields/keys?signal=spans',
    '/fields/values?signal=logs&key=level',
    body('/traces/compare', { selected: { status: 'error' } }),
    body('/query', { queries: { a: { signal: 'spans', aggregate: 'p95(duration)' } } }),
    body('/sql', { query: 'SELECT count() FROM spans WHERE duration > 1' }),
  ].map((view) => (typeof view === 'string' ? { method: 'GET' as const, url: view } : view))

  beforeAll(async () => {
    await insertAt('default', now - 120_000, 1000)
    await engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, status, error_group) VALUES ('default', now(), 'video', fromUnixTimestamp64Milli({at:Int64}), 2, 7)`,
      query_params: { at: now - 120_000 },
    })
    await engine.writer.command({
      query: `INSERT INTO logs (space, received, service, time, severity, body, body_type, record_id)
SELECT 'default', now(), 'video', fromUnixTimestamp64Milli({at:Int64} + number), 9, 'a word', 1, number FROM numbers(1000)`,
      query_params: { at: now - 120_000 },
    })
    await engine.writer.command({
      query: `INSERT INTO metric_series (space, received, name, fingerprint, type, service) VALUES ('default', now(), '${metric}', 1, 1, 'video')`,
    })
    await engine.writer.command({
      query: `INSERT INTO metric_samples (space, received, name, fingerprint, time, value_type, value_double)
SELECT 'default', now(), '${metric}', 1, fromUnixTimestamp64Milli({at:Int64} + number), 1, number FROM numbers(1000)`,
      query_params: { at: now - 120_000 },
    })
  })

  // By an index that leads to a few granules, or from a table that is small by itself.
  const light = new Set([`/traces/${trace}`, `/traces/${trace}/tree`, '/services'])

  test.each(views)('$method $url takes turns', async (view) => {
    const { heavy, ran } = watched({ rows: 0 })
    const guarded = await createTestApi(engine.reader, { guard: new QueryGuard(heavy) })
    const { statusCode } = await guarded.inject({ ...view, headers: { authorization: 'Bearer someone' } })
    await guarded.close()
    expect(statusCode).toBe(200)
    expect(ran.length > 0).toBe(!light.has(view.url))
    expect(new Set(ran).size).toBe(light.has(view.url) ? 0 : 1)
  })

  test.each(views)('$method $url ends its statements when its client goes away', async ({ method, url, ...rest }) => {
    // Statements wait until they are to end: none is left that nobody waits for.
    const held: AbortSignal[] = []
    const hold = async (q: ReadQuery) => {
      const signal = q.signal!
      held.push(signal)
      if (!signal.aborted) await once(signal, 'abort')
    }
    const { reader } = engine
    const waiting = await createTestApi({
      query: <Row>(q: ReadQuery) => hold(q).then(() => reader.query<Row>(q)),
      table: (q) => hold(q).then(() => reader.table(q)),
      lines: (q) => hold(q).then(() => reader.lines(q)),
    })
    const address = await waiting.listen({ host: '127.0.0.1', port: 0 })
    const away = new AbortController()
    const asked = fetch(address + url, {
      method,
      signal: away.signal,
      ...('payload' in rest && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rest.payload),
      }),
    })
    const caught = expect(asked).rejects.toThrow()
    await until(async () => held.length > 0)
    away.abort()
    await caught
    await until(async () => held.every(({ aborted }) => aborted))
    await waiting.close()
  })

  const kept = [
    '/services',
    '/errors',
    '/traces?',
    '/logs?',
    '/logs/histogram',
    '/metrics?name',
    '/fields/values',
    '/query',
  ]
  test.each(views.filter(({ url }) => kept.some((start) => url.startsWith(start) && !url.startsWith('/services/'))))(
    '$method $url is known for a moment once its time is over, to its tenant only',
    async ({ method, url, ...rest }) => {
      let statements = 0
      const { reader } = engine
      const counted = await createTestApi(
        {
          query: <Row>(q: ReadQuery) => {
            statements += 1
            return reader.query<Row>(q)
          },
          table: (q) => reader.table(q),
          lines: (q) => reader.lines(q),
        },
        { guard: new QueryGuard() },
      )
      let space = 'default'
      const ask = async (to: number) => {
        const range = { from: now - 600_000, to }
        const before = statements
        const response = await counted.inject({
          method,
          headers: { 'x-space': space },
          ...('payload' in rest
            ? { url, payload: { ...rest.payload, ...range } }
            : { url: `${url}${url.includes('?') ? '&' : '?'}from=${range.from}&to=${range.to}` }),
        })
        return { body: response.body, statements: statements - before }
      }
      const first = await ask(now - 90_000)
      expect(first.statements).toBeGreaterThan(0)
      const again = await ask(now - 90_000)
      expect(again.statements).toBe(0)
      if (!url.startsWith('/query')) expect(again.body).toBe(first.body)
      const open = Date.now()
      expect((await ask(open)).statements).toBeGreaterThan(0)
      expect((await ask(open)).statements).toBeGreaterThan(0)
      space = 'other'
      expect((await ask(now - 90_000)).statements).toBeGreaterThan(0)
      await counted.close()
    },
  )
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20)
}
