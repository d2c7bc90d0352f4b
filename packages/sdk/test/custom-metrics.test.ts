import type { MetricResponse } from '@burstlet/contract/metrics'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'

let server: TestServer
let errors: string

beforeAll(async () => {
  server = await startServer()
  const app = spawnApp('custom-metrics.ts', {
    endpoint: server.otlpHttp,
    env: { OTEL_METRIC_EXPORT_INTERVAL: '60000' },
  })
  expect(await app.ended).toBe(0)
  errors = app.stderr()
}, 120_000)
afterAll(() => server?.stop())

const metric = (query: string) =>
  eventually(async () => {
    const answer = await server.get<MetricResponse>(`/metrics?from=now-1h&interval=3600&${query}`)
    return answer.series?.length > 0 ? answer : undefined
  })
const last = ({ series }: MetricResponse) => series[0]?.points.at(-1)?.[1]

it.each(['grpc', 'http/protobuf'])('%s arrives as well', async (protocol) => {
  const service = `by ${protocol}`
  const app = spawnApp('short.ts', {
    endpoint: protocol === 'grpc' ? server.otlpGrpc : server.otlpHttp,
    env: { OTEL_SERVICE_NAME: service, OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
  })
  expect(await app.ended).toBe(0)
  await eventually(async () => {
    const { items } = await server.get<{ items: unknown[] }>(`/logs?from=now-1h&service=${encodeURIComponent(service)}`)
    return items.length >= 2 ? items : undefined
  })
})

it('counter, gauge and histogram, with tags', async () => {
  const counted = await metric('name=orders.placed&aggregation=increase&groupBy=plan')
  const increase = new Map(counted.series.map(({ tags, points }) => [tags['plan'], points.at(-1)?.[1]]))
  expect(increase).toEqual(new Map([['pro', 3], ['free', 2]])) // biome-ignore format: one line reads best
  expect(last(await metric('name=stock.level&aggregation=last'))).toBe(7)
  expect(last(await metric('name=basket.size&aggregation=count'))).toBe(4)
})

it('a summary answers quantiles to a few percent', async () => {
  expect(last(await metric('name=basket.value&aggregation=p50'))).toBeCloseTo(500, -2)
  const p99 = last(await metric('name=basket.value&aggregation=p99')) ?? 0
  expect(Math.abs(p99 - 990) / 990).toBeLessThan(0.05)
})

it('unbounded tags become one visible series, the total stays right, and a line says so', async () => {
  const overflow = await metric('name=visits&aggregation=increase&groupBy=otel.metric.overflow&limit=5')
  const beyond = overflow.series.find(({ tags }) => tags['otel.metric.overflow'] === 'true')
  expect(beyond?.points.at(-1)?.[1]).toBeGreaterThan(900)
  expect(last(await metric('name=visits&aggregation=increase'))).toBe(3000)
  expect(errors).toMatch(/^\[burstlet\] the metric visits has too many combinations of tags; .*\n$/)
})

it('promises kept and broken', async () => {
  const { series } = await metric('name=sla.checks&aggregation=increase&groupBy=sla.name,sla.met')
  const counts = Object.fromEntries(series.map(({ tags, points }) => [tags['sla.met'], points.at(-1)?.[1]]))
  expect(counts).toEqual({ true: 1, false: 2 })
})
