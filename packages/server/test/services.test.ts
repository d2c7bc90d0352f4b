import { type ApplicationAnswer, applicationAnswer } from '@burstlet/contract/metrics'
import { type OverviewAnswer, overviewAnswer } from '@burstlet/contract/overview'
import { type ServiceAnswer, type ServicesAnswer, serviceAnswer, servicesAnswer } from '@burstlet/contract/services'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { hexOf, receivedNow } from './rows/times.ts'
import { createTestApi, get, problemOf } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

const end = Date.now() - 60_000
const spans = randomTraces(300, end)
const logs = randomLogs(200, end)
const entry = spans.filter(({ kind }) => kind === 2 || kind === 5)
let engine: TestEngine
let app: FastifyInstance

beforeAll(async () => {
  engine = await startTestEngine()
  app = await createTestApi(engine.reader)
  await insertSpans(engine, spans)
  await insertLogs(engine, logs)
  await engine.insert('resources', [
    { space: 'default', received: receivedNow(), hash: '999', service: 'quiet', attr_s: { 'service.name': 'quiet' } },
  ])
})
afterAll(async () => {
  await app?.close()
  await engine?.stop()
})

/** Nearest rank of the exact durations, ms. */
function exactPercentile(of: readonly TestSpan[], percent: number): number {
  const sorted = of.map(({ durationNs }) => Number(durationNs) / 1e6).sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
}

function expectRed(
  figures: ServicesAnswer['items'][number] | OverviewAnswer,
  of: readonly TestSpan[],
  seconds: number,
) {
  const errors = of.filter(({ status }) => status === 2).length
  expect(figures.requests).toBe(of.length)
  expect(figures.errors).toBe(errors)
  expect(figures.errorRate).toBeCloseTo(errors / of.length, 10)
  expect(figures.requestRate).toBeCloseTo(of.length / seconds, 10)
  for (const percent of [50, 95, 99] as const) {
    const exact = exactPercentile(of, percent)
    expect(Math.abs(figures[`p${percent}`]! / exact - 1), `p${percent}`).toBeLessThan(0.0443)
  }
}

describe('GET /services', () => {
  test('counts entry spans; services without any are listed with zero requests', async () => {
    const { items, nextCursor }: ServicesAnswer = servicesAnswer.parse(await get(app, '/services'))
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
    const first: ServicesAnswer = await get(app, '/services', { limit: 3 })
    const second: ServicesAnswer = await get(app, '/services', { limit: 3, cursor: first.nextCursor })
    expect(first.items).toHaveLength(3)
    expect(second.items.map(({ name }) => name)).toEqual(['quiet'])
    expect(second.nextCursor).toBeNull()
  })

  test('counts are weighted by sampling', async () => {
    await engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind, adjusted_count)
              SELECT 'weighted', now(), 'sampled', now64(9) - INTERVAL 3 MINUTE, 1000000 * (number + 1), 'weighted-0000000', 'weighted', 'x', 2, 10 FROM numbers(4)`,
    })
    const rows = await engine.reader.query<{ count: number; histogram: Record<string, number> }>({
      sql: `SELECT sum(red_1m.count) AS count, sumMap(red_1m.histogram) AS histogram FROM red_1m WHERE space = 'weighted'`,
    })
    expect(rows[0]?.count).toBe(40)
    expect(Object.values(rows[0]!.histogram)).toEqual([10, 10, 10, 10])
  })
})

describe('GET /services/:name', () => {
  test('adds up: the series and the endpoints hold every request', async () => {
    const of = entry.filter(({ service }) => service === 'video')
    const answer: ServiceAnswer = serviceAnswer.parse(await get(app, '/services/video', { interval: 300 }))
    expectRed(answer, of, 3600)
    expect(answer.intervalSeconds).toBe(300)
    const counted = answer.series.requestRate.map(([at, rate]) => [at, Math.round(rate! * 300)] as const)
    for (const [at, count] of counted) {
      expect(count).toBe(
        of.filter(({ startNs }) => Math.floor(Number(startNs / 1_000_000n) / 300_000) * 300_000 === at).length,
      )
    }
    const expectedEndpoints = Map.groupBy(of, ({ name, kind, strings }) =>
      [name, kind, strings['http.request.method'] ?? strings['http.method'] ?? '', strings['http.route'] ?? ''].join(
        '|',
      ),
    )
    expect(answer.endpoints).toHaveLength(expectedEndpoints.size)
    for (const { operation, kind, method, route, requests, max, average } of answer.endpoints) {
      const calls = expectedEndpoints.get([operation, kind === 'server' ? 2 : 5, method, route].join('|'))!
      expect(requests).toBe(calls.length)
      expect(max).toBeCloseTo(exactPercentile(calls, 100), 2)
      const mean = calls.reduce((sum, { durationNs }) => sum + Number(durationNs) / 1e6, 0) / calls.length
      expect(average).toBeCloseTo(mean, 2)
    }
  })

  test('unknown ones are 404, a crooked interval is refused', async () => {
    expect(await problemOf(app, '/services/nobody')).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await problemOf(app, '/services/video', { interval: 90 })).toMatchObject({ errors: [{ path: 'interval' }] })
    expect(await get(app, '/services/quiet')).toMatchObject({ requests: 0, endpoints: [] })
  })
})

test('GET /overview has everything of the first page', async () => {
  const answer: OverviewAnswer = overviewAnswer.parse(await get(app, '/overview'))
  expectRed(answer, entry, 3600)
  expect(answer.latency).toEqual({ p50: answer.p50, p95: answer.p95, p99: answer.p99 })
  expect(answer.serviceCount).toBe(4)
  expect(answer.services.map(({ name }) => name)).toContain('quiet')
  const inSeries = answer.series.requestRate.reduce((sum, [, rate]) => sum + rate! * answer.intervalSeconds, 0)
  expect(Math.round(inSeries)).toBe(entry.length)
  for (const { name, series, ...figures } of answer.services.filter(({ requests }) => requests > 0)) {
    const own = entry.filter(({ service }) => service === name)
    expectRed({ name, ...figures }, own, 3600)
    for (const [index, [at, rate]] of series.requestRate.entries()) {
      const then = own.filter(({ startNs }) => Math.floor(Number(startNs / 1_000_000n) / 60_000) * 60_000 === at)
      expect(rate).toBeCloseTo(then.length / answer.intervalSeconds, 10)
      const [failed, p95] = [series.errorRate[index]![1]!, series.p95[index]![1]]
      expect(failed).toBeCloseTo(then.filter(({ status }) => status === 2).length / Math.max(1, then.length), 10)
      if (then.length === 0) expect(p95).toBeNull()
      // Whole microseconds, see red_1m.
      else expect(Math.abs(p95! - exactPercentile(then, 95))).toBeLessThan(0.0443 * exactPercentile(then, 95) + 0.001)
    }
  }
  expect(answer.services.at(-1)).toMatchObject({ name: 'quiet', requests: 0, p95: null })
  expect(answer.logs.total).toBe(logs.length)
  expect(answer.logs.byLevel.fatal).toBe(logs.filter(({ severity }) => severity >= 21).length)
  expect(answer.endpoints.busiest).toHaveLength(10)
  const newestErrors = [
    ...new Set(
      spans
        .filter(({ status }) => status === 2)
        .sort((a, b) => (a.startNs < b.startNs ? 1 : -1))
        .map(({ traceId }) => hexOf(traceId)),
    ),
  ]
  expect(answer.errorTraces).toHaveLength(10)
  expect(newestErrors).toEqual(expect.arrayContaining(answer.errorTraces.map(({ traceId }) => traceId)))
  expect(answer.alerts).toBeUndefined()
})

describe('GET /metrics?category=application', () => {
  test('every interval has its requests, errors and users', async () => {
    const answer: ApplicationAnswer = applicationAnswer.parse(
      await get(app, '/metrics', { category: 'application', service: 'gateway', interval: 600 }),
    )
    const of = entry.filter(({ service }) => service === 'gateway')
    expect(answer.intervalSeconds).toBe(600)
    expect(answer.items.reduce((sum, { requests }) => sum + requests.total, 0)).toBe(of.length)
    for (const item of answer.items) {
      const at = Date.parse(item.timestamp)
      const within = of.filter(({ startNs }) => Math.floor(Number(startNs / 1_000_000n) / 600_000) * 600_000 === at)
      const method = (span: TestSpan) => span.strings['http.request.method'] ?? span.strings['http.method']
      expect(item.requests.total).toBe(within.length)
      expect(item.requests.rate).toBeCloseTo(within.length / 600, 10)
      expect(item.requests.byMethod['GET'] ?? 0).toBe(within.filter((span) => method(span) === 'GET').length)
      expect(item.requests.byStatus['404'] ?? 0).toBe(
        within.filter(({ integers }) => (integers['http.response.status_code'] ?? integers['http.status_code']) === 404)
          .length,
      )
      expect(Object.values(item.requests.byEndpoint).reduce((sum, count) => sum + count, 0)).toBe(within.length)
      const failed = within.filter(({ status }) => status === 2).length
      expect(item.errors.total).toBe(failed)
      expect(Object.values(item.errors.byType).reduce((sum, count) => sum + count, 0)).toBe(failed)
      expect(item.activeUsers).toBe(new Set(within.flatMap(({ strings }) => strings['user.id'] ?? [])).size)
      expect(Math.abs(item.response.p95! / exactPercentile(within, 95) - 1)).toBeLessThan(0.0443)
    }
    const times = answer.items.map(({ timestamp }) => timestamp)
    expect(times).toEqual([...times].sort().reverse())
  })
})
