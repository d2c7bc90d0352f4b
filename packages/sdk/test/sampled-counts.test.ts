import type { ApplicationResponse } from '@burstlet/contract/metrics'
import type { TracesResponse } from '@burstlet/contract/traces'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp } from './support/app.ts'

const rate = 0.25
const succeeded = 400
const failedCount = 10

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  const app = await startApp('sampled.ts', {
    endpoint: server.otlpHttp,
    env: {
      OTEL_SERVICE_NAME: 'sampled',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: String(rate),
    },
  })
  for (let i = 0; i < succeeded; i++) await (await fetch(app.url)).text()
  for (let i = 0; i < failedCount; i++) await (await fetch(`${app.url}/fail`)).text()
  app.process.kill('SIGTERM')
  await app.ended
  await server.settled()
}, 240_000)
afterAll(() => server?.stop())

/** What is always kept stands for itself alone: what failed, and what was slow, as requests are on a busy machine. */
const isKeptAnyway = ({ errorCount, durationMs }: TracesResponse['items'][number]) =>
  errorCount > 0 || durationMs >= 1000

it('counts of a sampled service are those of all its requests', async () => {
  const { items } = await server.get<TracesResponse>('/traces?service=sampled&from=now-1h&limit=1000')
  const byShare = items.filter((item) => !isKeptAnyway(item)).length
  const anyway = items.length - byShare
  // Four standard deviations around a quarter: fewer or more would be another share.
  const deviation = Math.sqrt(succeeded * rate * (1 - rate))
  expect(Math.abs(byShare - succeeded * rate)).toBeLessThan(4 * deviation)
  expect(items.filter(({ errorCount }) => errorCount > 0)).toHaveLength(failedCount)

  const { items: periods } = await eventually(async () => {
    const answer = await server.get<ApplicationResponse>(
      '/metrics?category=application&service=sampled&from=now-1h&interval=3600',
    )
    return answer.items.length > 0 ? answer : undefined
  })
  const total = periods.reduce((sum, { requests }) => sum + requests.total, 0)
  const failed = periods.reduce((sum, { requests, errors }) => sum + errors.rate * requests.total, 0)
  // Each kept by share stands for four.
  expect(total).toBe(byShare / rate + anyway)
  expect(failed).toBeCloseTo(failedCount)
})

it('the metric of requests counts each of them, whatever is kept', async () => {
  const filter = encodeURIComponent("service.name = 'sampled'")
  const { series } = await server.get<{ series: { points: [number, number][] }[] }>(
    `/metrics?name=http.server.request.duration&aggregation=count&from=now-1h&interval=3600&filter=${filter}`,
  )
  const total = series.flatMap(({ points }) => points).reduce((sum, [, value]) => sum + value, 0)
  expect(total).toBe(succeeded + failedCount)
})
