import { once } from 'node:events'
import { eventually } from '@burstlet/testkit/eventually'
import { beforeAll, describe, expect, test } from 'vitest'
import { QueryGuard } from '../src/querying/context/query-guard.ts'
import type { ReadQuery } from '../src/storage/clickhouse/reader.ts'
import { queryGuardApi, watched } from './query-guard-api.ts'
import { createTestApi } from './test-api.ts'
import { bearer } from './test-keys.ts'

const api = queryGuardApi()

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
    await api.insertAt('default', now - 120_000, 1000)
    await api.engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, status, error_group) VALUES ('default', now(), 'video', fromUnixTimestamp64Milli({at:Int64}), 2, 7)`,
      query_params: { at: now - 120_000 },
    })
    await api.engine.writer.command({
      query: `INSERT INTO logs (space, received, service, time, severity, body, body_type, record_id)
SELECT 'default', now(), 'video', fromUnixTimestamp64Milli({at:Int64} + number), 9, 'a word', 1, number FROM numbers(1000)`,
      query_params: { at: now - 120_000 },
    })
    await api.engine.writer.command({
      query: `INSERT INTO metric_series (space, received, name, fingerprint, type, service) VALUES ('default', now(), '${metric}', 1, 1, 'video')`,
    })
    await api.engine.writer.command({
      query: `INSERT INTO metric_samples (space, received, name, fingerprint, time, value_type, value_double)
SELECT 'default', now(), '${metric}', 1, fromUnixTimestamp64Milli({at:Int64} + number), 1, number FROM numbers(1000)`,
      query_params: { at: now - 120_000 },
    })
  })

  // By an index that leads to a few granules, or from a table that is small by itself.
  const light = new Set([`/traces/${trace}`, `/traces/${trace}/tree`, '/services'])

  test.each(views)('$method $url takes turns', async (view) => {
    const { heavy, ran } = watched({ rows: 0 })
    const guarded = await createTestApi(api.engine.reader, { queryGuard: new QueryGuard(heavy) })
    const { statusCode } = await guarded.inject(view, { id: 'someone' })
    await guarded.close()
    expect(statusCode).toBe(200)
    expect([...new Set(ran)]).toEqual(light.has(view.url) ? [] : ['someone'])
  })

  test.each(views)('$method $url ends its statements when its client goes away', async ({ method, url, ...rest }) => {
    // Statements wait until they are to end: none is left that nobody waits for.
    const held: AbortSignal[] = []
    const hold = async (q: ReadQuery) => {
      const signal = q.signal!
      held.push(signal)
      if (!signal.aborted) await once(signal, 'abort')
    }
    const { reader } = api.engine
    const waiting = await createTestApi({
      query: <Row>(q: ReadQuery) => hold(q).then(() => reader.query<Row>(q)),
      table: (q) => hold(q).then(() => reader.table(q)),
      lines: (q) => hold(q).then(() => reader.lines(q)),
    })
    const address = await waiting.listen()
    const away = new AbortController()
    const asked = fetch(address + url, {
      method,
      signal: away.signal,
      headers: { authorization: bearer(), ...('payload' in rest && { 'content-type': 'application/json' }) },
      ...('payload' in rest && { body: JSON.stringify(rest.payload) }),
    })
    const caught = expect(asked).rejects.toThrow()
    await eventually(async () => held.length > 0)
    away.abort()
    await caught
    await eventually(async () => held.every(({ aborted }) => aborted))
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
      const { reader } = api.engine
      const counted = await createTestApi(
        {
          query: <Row>(q: ReadQuery) => {
            statements += 1
            return reader.query<Row>(q)
          },
          table: (q) => reader.table(q),
          lines: (q) => reader.lines(q),
        },
        { queryGuard: new QueryGuard() },
      )
      let space = 'default'
      const ask = async (to: number) => {
        const range = { from: now - 600_000, to }
        const before = statements
        const asked =
          'payload' in rest
            ? { url, payload: { ...rest.payload, ...range } }
            : { url: `${url}${url.includes('?') ? '&' : '?'}from=${range.from}&to=${range.to}` }
        const response = await counted.inject({ method, ...asked }, { space })
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
