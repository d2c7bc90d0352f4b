import { levelOf, levels } from '@burstlet/contract/common'
import { type OverviewResponse, overviewResponse } from '@burstlet/contract/overview'
import { beforeAll, expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { endpointOf, exactPercentile, expectRed, expectSeries } from './red-figures.ts'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { receivedAt } from './rows/times.ts'
import { get } from './test-api.ts'

const end = Date.now() - 60_000
/** An hour of whole minutes that are over. */
const to = Math.ceil(end / 60_000) * 60_000
const range = { from: to - 3_600_000, to }
const random = randomTraces(300, end)
/** Slow once in ten times only. */
const rarelySlow = Array.from(
  { length: 20 },
  (_, index): TestSpan => ({
    ...random[0]!,
    spanId: `rarely${String(index).padStart(2, '0')}`,
    name: 'rarely slow',
    kind: 2,
    durationNs: index % 10 === 0 ? 4_000_000_000n : 1_000_000n,
  }),
)
const spans = [...random, ...rarelySlow]
const logs = randomLogs(200, end)
const entry = spans.filter(({ kind }) => kind === 2 || kind === 5)
const api = startedApi(async (engine) => {
  await insertSpans(engine, spans)
  await insertLogs(engine, logs)
  await engine.insert('resources', [
    { space: 'default', received: receivedAt(end), hash: '999', service: 'quiet', attr_s: { 'service.name': 'quiet' } },
  ])
})
let answer: OverviewResponse
beforeAll(async () => {
  answer = overviewResponse.parse(await get(api.app, '/overview', range))
})

test('all requests together, over the hour and over time', () => {
  expect(answer).toMatchObject({ from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() })
  expectRed(answer, entry, 3600)
  expect(answer.latency).toEqual({ p50: answer.p50, p95: answer.p95, p99: answer.p99 })
  expect(answer.intervalSeconds).toBe(60)
  expectSeries(answer.series, entry, 60, range)
  expect(answer.alerts).toBeUndefined()
})

test('every service, those without requests too', () => {
  expect(answer.serviceCount).toBe(4)
  expect(answer.services.map(({ requests }) => requests)).toEqual(
    ['gateway', 'video', 'worker', 'quiet']
      .map((name) => entry.filter(({ service }) => service === name).length)
      .sort((a, b) => b - a),
  )
  for (const { name, series, ...figures } of answer.services) {
    const own = entry.filter(({ service }) => service === name)
    expectRed(figures, own, 3600)
    expectSeries(series, own, 60, range)
  }
  expect(answer.services.at(-1)).toMatchObject({ name: 'quiet', requests: 0, p95: null })
})

test('who was there', () => {
  const different = (key: string) => new Set(entry.flatMap(({ strings }) => strings[key] ?? [])).size
  expect(different('session.id')).toBeGreaterThan(3)
  expect(answer).toMatchObject({ activeUsers: different('user.id'), activeSessions: different('session.id') })
})

test('the busiest and the slowest endpoints', () => {
  const endpoints = Map.groupBy(entry, endpointOf)
  const { busiest, slowest } = answer.endpoints
  const callsOf = ({ service, operation, kind, method, route }: (typeof busiest)[number]) =>
    endpoints.get([service, operation, kind, method, route].join('|'))!
  for (const endpoint of [...busiest, ...slowest]) expectRed(endpoint, callsOf(endpoint), 3600)
  const sizes = [...endpoints.values()].map(({ length }) => length).sort((a, b) => b - a)
  expect(busiest.map(({ requests }) => requests)).toEqual(sizes.slice(0, 10))
  const p95 = (of: readonly TestSpan[]) => exactPercentile(of, 95)
  const shown = slowest.map((endpoint) => p95(callsOf(endpoint)))
  expect(slowest.map((endpoint) => endpoint.p95)).toEqual(
    slowest.map((endpoint) => endpoint.p95!).sort((a, b) => b - a),
  )
  expect(new Set(slowest.map(callsOf)).size).toBe(10)
  expect(slowest[0]).toMatchObject({ operation: 'rarely slow' })
  // The percentiles are off by at most half a bucket, so what is left out is at most a bucket slower.
  const others = [...endpoints.values()].filter((of) => !slowest.some((endpoint) => callsOf(endpoint) === of))
  expect(Math.max(...others.map(p95))).toBeLessThan(Math.min(...shown) * 2 ** (1 / 8))
})

test('its records by level, over the hour and over time', () => {
  expect(answer.logs.total).toBe(logs.length)
  const of = (level: string) => logs.filter(({ severity }) => levelOf(severity) === level)
  expect(answer.logs.byLevel).toEqual(Object.fromEntries(levels.map((level) => [level, of(level).length])))
  expect(answer.logs.series.map(({ level }) => level)).toEqual(levels.filter((level) => of(level).length > 0))
  for (const { level, points } of answer.logs.series) {
    expect(points).toHaveLength(60)
    for (const [at, count] of points) {
      const within = of(level).filter(({ timeNs }) => Math.floor(Number(timeNs / 1_000_000n) / 60_000) * 60_000 === at)
      expect(count).toBe(within.length)
    }
  }
})
