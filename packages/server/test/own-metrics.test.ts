import type { MetricResponse, SystemResponse } from '@burstlet/contract/metrics'
import {
  type CollectedMetrics,
  type CustomMetricsResponse,
  collectedMetrics,
  customMetricsResponse,
} from '@burstlet/contract/own-metrics'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

async function ask<Answer>(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<{ status: number; answer: Answer }> {
  const response = await fetch(`${server.api}/api/v1/monitoring${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.apiKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: (await response.json()) as Answer }
}

const custom = async (body: unknown) => {
  const { status, answer } = await ask<CustomMetricsResponse>('POST', '/metrics/custom', body)
  expect(status).toBe(202)
  return customMetricsResponse.parse(answer)
}
const metric = async (query: string) =>
  (await ask<MetricResponse>('GET', `/metrics?from=now-10m&interval=3600&${query}`)).answer
const valuesOf = ({ series }: MetricResponse) => series.flatMap(({ points }) => points.map(([, value]) => value))

test('POST /metrics/custom stores metrics that are asked for like any other', async () => {
  const upload = {
    name: 'video.uploads',
    type: 'counter',
    value: 3,
    unit: '{upload}',
    tags: { plan: 'pro' },
    service: 'video',
  }
  expect(await custom(upload)).toEqual({ accepted: 1, rejected: [] })
  // The very same again is three more uploads, not a request that was repeated.
  expect(await custom(upload)).toEqual({ accepted: 1, rejected: [] })
  const answer = await custom([
    { ...upload, value: 4, tags: { plan: 'free' } },
    { name: 'queue.depth', type: 'gauge', value: 12.5 },
    { name: 'transcode.time', type: 'histogram', value: [10, 20, 30, 40], unit: 'ms', service: 'video' },
    { name: 'transcode.size', type: 'summary', value: [1, 2, 3], service: 'video' },
    { ...upload, value: -1 },
    { ...upload, type: 'rate' },
    'nonsense',
  ])
  expect(answer.accepted).toBe(4)
  expect(answer.rejected.map(({ index }) => index)).toEqual([4, 5, 6])
  expect(answer.rejected[0]?.message).toBe('value: a counter only grows')

  await vi.waitFor(async () => expect(valuesOf(await metric('name=queue.depth'))).toEqual([12.5]), {
    timeout: 10_000,
    interval: 200,
  })
  const uploads = await metric('name=video.uploads&aggregation=increase&groupBy=plan&service=video')
  expect(uploads).toMatchObject({ type: 'sum', unit: '{upload}' })
  const byPlan = uploads.series.map(({ tags, points }) => [
    tags['plan'],
    points.reduce((sum, [, value]) => sum + value!, 0),
  ])
  expect(Object.fromEntries(byPlan)).toEqual({ pro: 6, free: 4 })
  expect(valuesOf(await metric('name=transcode.time&aggregation=count'))).toEqual([4])
  expect(valuesOf(await metric('name=transcode.time&aggregation=sum'))).toEqual([100])
  expect(await metric('name=transcode.time')).toMatchObject({ type: 'histogram', unit: 'ms' })
  expect(valuesOf(await metric('name=transcode.size&aggregation=p50'))).toEqual([2])
  const otlp = await ask<{ resourceMetrics: { scopeMetrics: { scope: { name: string } }[] }[] }>(
    'GET',
    '/metrics?name=video.uploads&format=otlp&from=now-10m',
  )
  expect(otlp.answer.resourceMetrics[0]?.scopeMetrics[0]?.scope.name).toBe('burstlet.custom')
})

test('POST /metrics/custom refuses what has nothing right in it', async () => {
  const refused = await ask('POST', '/metrics/custom', { name: 'a', type: 'counter', value: 'many' })
  expect(refused).toMatchObject({ status: 400, answer: { code: 'VALIDATION_ERROR', errors: [{ path: 'value' }] } })
  expect(await ask('POST', '/metrics/custom', [{}])).toMatchObject({
    status: 400,
    answer: { errors: [{ path: '0.type' }] },
  })
  expect(await ask('POST', '/metrics/custom', [])).toMatchObject({ status: 400 })
})

test('POST /metrics/collect answers this host, and stores it', async () => {
  const { status, answer } = await ask<CollectedMetrics>('POST', '/metrics/collect')
  expect(status).toBe(200)
  const { system, application } = collectedMetrics.parse(answer)
  expect(system.memory.total).toBeGreaterThan(1e8)
  expect(system.cpu.usage).toBeGreaterThanOrEqual(0)
  expect(system.disk.length).toBeGreaterThan(0)
  expect(application).toMatchObject({ requests: { total: 0 }, activeUsers: 0 })
  await vi.waitFor(
    async () => {
      const stored = await ask<SystemResponse>('GET', '/metrics?category=system&from=now-10m&interval=3600')
      expect(stored.answer.items).toHaveLength(1)
      const [item] = stored.answer.items
      expect(item).toMatchObject({
        host: system.host,
        cpu: { cores: system.cpu.cores },
        memory: { total: system.memory.total },
      })
      expect(item?.disk.map(({ mount }) => mount).sort()).toEqual(system.disk.map(({ mount }) => mount).sort())
    },
    { timeout: 10_000, interval: 200 },
  )
})
