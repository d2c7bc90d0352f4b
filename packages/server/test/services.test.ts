import {
  type ServiceResponse,
  type ServicesResponse,
  serviceResponse,
  servicesResponse,
} from '@burstlet/contract/services'
import { describe, expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { endpointOf, exactPercentile, expectRed, expectSeries } from './red-figures.ts'
import { insertSpans, randomTraces } from './rows/spans.ts'
import { receivedAt } from './rows/times.ts'
import { get, problemOf } from './test-api.ts'

const end = Date.now() - 60_000
/** An hour of whole minutes that are over. */
const to = Math.ceil(end / 60_000) * 60_000
const range = { from: to - 3_600_000, to }
const spans = randomTraces(300, end)
const entry = spans.filter(({ kind }) => kind === 2 || kind === 5)
const api = startedApi(async (engine) => {
  await insertSpans(engine, spans)
  await engine.insert('resources', [
    { space: 'default', received: receivedAt(end), hash: '999', service: 'quiet', attr_s: { 'service.name': 'quiet' } },
  ])
})

describe('GET /services', () => {
  test('counts entry spans; services without any are listed with zero requests', async () => {
    const { items, nextCursor }: ServicesResponse = servicesResponse.parse(await get(api.app, '/services', range))
    expect(nextCursor).toBeNull()
    expect(items.map(({ name }) => name).sort()).toEqual(['gateway', 'quiet', 'video', 'worker'])
    expect(items.map(({ requests }) => requests)).toEqual(items.map(({ requests }) => requests).sort((a, b) => b - a))
    for (const service of items.filter(({ name }) => name !== 'quiet')) {
      expectRed(
        service,
        entry.filter((span) => span.service === service.name),
        3600,
      )
    }
    expect(items.at(-1)).toEqual({
      name: 'quiet',
      requests: 0,
      requestRate: 0,
      errors: 0,
      errorRate: 0,
      p50: null,
      p95: null,
      p99: null,
    })
  })

  test('comes in pages', async () => {
    const first: ServicesResponse = await get(api.app, '/services', { limit: 3 })
    const second: ServicesResponse = await get(api.app, '/services', { limit: 3, cursor: first.nextCursor })
    expect(first.items).toHaveLength(3)
    expect(second.items.map(({ name }) => name)).toEqual(['quiet'])
    expect(second.nextCursor).toBeNull()
  })

  test('counts are weighted by sampling', async () => {
    await api.engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind, adjusted_count)
              SELECT 'weighted', now(), 'sampled', now64(9) - INTERVAL 3 MINUTE, 1000000 * (number + 1), 'weighted-0000000', 'weighted', 'x', 2, 10 FROM numbers(4)`,
    })
    const rows = await api.engine.everything.query<{ count: number; histogram: [number, number][] }>({
      sql: `SELECT sum(red_1m.count) AS count, sumMap(red_1m.histogram) AS histogram FROM red_1m WHERE space = 'weighted'`,
    })
    expect(rows[0]?.count).toBe(40)
    expect(rows[0]!.histogram.map(([, count]) => count)).toEqual([10, 10, 10, 10])
  })
})

describe('GET /services/:name', () => {
  test('knows of no service by the longest name, in any script', async () => {
    const longest = encodeURIComponent('\u{1F600}'.repeat(512))
    expect(await problemOf(api.app, `/services/${longest}`)).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('adds up: the series and the endpoints hold every request', async () => {
    const of = entry.filter(({ service }) => service === 'video')
    const answer: ServiceResponse = serviceResponse.parse(
      await get(api.app, '/services/video', { ...range, interval: 300 }),
    )
    expectRed(answer, of, 3600)
    expect(answer.intervalSeconds).toBe(300)
    expectSeries(answer.series, of, 300, range)
    const endpoints = Map.groupBy(of, endpointOf)
    expect(answer.endpoints).toHaveLength(endpoints.size)
    for (const { service, operation, kind, method, route, max, average, ...figures } of answer.endpoints) {
      const calls = endpoints.get([service, operation, kind, method, route].join('|'))!
      expectRed(figures, calls, 3600)
      expect(max).toBeCloseTo(exactPercentile(calls, 100), 2)
      const mean = calls.reduce((sum, { durationNs }) => sum + Number(durationNs) / 1e6, 0) / calls.length
      expect(average).toBeCloseTo(mean, 2)
    }
  })

  test('unknown ones are 404, a crooked interval is refused', async () => {
    expect(await problemOf(api.app, '/services/nobody')).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await problemOf(api.app, '/services/video', { interval: 90 })).toMatchObject({
      errors: [{ path: 'interval' }],
    })
    expect(await get(api.app, '/services/quiet')).toMatchObject({ requests: 0, endpoints: [] })
  })
})
