import { attribute, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'

const server = 2

let receiver: OtlpReceiver
const apps: App[] = []

beforeAll(async () => {
  receiver = await startOtlpReceiver()
})
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()))
  await receiver.close()
})

async function start(file: string, service: string, env: Record<string, string> = {}): Promise<App> {
  const app = await startApp(file, { endpoint: receiver.url, env: { OTEL_SERVICE_NAME: service, ...env } })
  apps.push(app)
  return app
}

const serviceOf = (item: { resource: ReceivedSpan['resource'] }) => attribute(item.resource, 'service.name')

describe('an Express 5 service that calls a Fastify 5 service, both ESM', () => {
  it('makes one trace with routes, statement and logs', async () => {
    const video = await start('fastify-esm.ts', 'video')
    const gateway = await start('express-esm.ts', 'gateway', { UPSTREAM: video.url })
    expect((await fetch(`${gateway.url}/chain/1`)).status).toBe(200)

    const isRoot = (span: ReceivedSpan) => span.name === 'GET /chain/:id' && span.kind === server
    const { spans, logs } = await receiver.until(
      ({ spans, logs }) =>
        spans.some(isRoot) &&
        spans.some((span) => span.name === 'SELECT videos') &&
        logs.some((log) => log.body.stringValue === 'fastify speaks'),
    )
    const { traceId } = spans.find(isRoot)!
    const trace = spans.filter((span) => span.traceId === traceId)
    expect(new Set(trace.map(serviceOf))).toEqual(new Set(['gateway', 'video']))

    const request = trace.find((span) => serviceOf(span) === 'video' && span.kind === server)!
    expect(request.name).toBe('GET /videos/:id')
    expect(attribute(request, 'http.route')).toBe('/videos/:id')
    const caller = trace.find((span) => span.spanId === request.parentSpanId)!
    expect(serviceOf(caller)).toBe('gateway')

    const statement = trace.find((span) => span.name === 'SELECT videos')!
    expect(attribute(statement, 'db.system.name')).toBe('sqlite')
    expect(attribute(statement, 'db.query.text')).toBe('SELECT * FROM videos WHERE id = ? AND title <> ?')

    const spoken = logs.find((log) => log.body.stringValue === 'fastify speaks')!
    expect(spoken.traceId).toBe(traceId)
    expect(trace.map((span) => span.spanId)).toContain(spoken.spanId)
  })

  it('sends logs of pino, winston and logger with the trace they belong to', async () => {
    const gateway = await start('express-esm.ts', 'shop')
    await fetch(`${gateway.url}/orders/5`)
    const ours = ({ resource }: { resource: ReceivedSpan['resource'] }) => serviceOf({ resource }) === 'shop'
    const { spans, logs } = await receiver.until(
      ({ spans, logs }) =>
        logs.filter(ours).length >= 3 && spans.some((span) => ours(span) && span.name === 'GET /orders/:id'),
    )
    const request = spans.find((span) => ours(span) && span.name === 'GET /orders/:id')!
    const spoken = logs.filter(ours)
    expect(spoken.map((log) => [log.body.stringValue, log.severityNumber, log.traceId])).toEqual(
      expect.arrayContaining([
        ['pino speaks', 9, request.traceId],
        ['winston speaks', 13, request.traceId],
        ['logger speaks', 17, request.traceId],
      ]),
    )
    expect(spoken.map((log) => log.body.stringValue)).not.toContain('never sent')
    const manual = spans.find((span) => ours(span) && span.name === 'price order')!
    expect(manual.traceId).toBe(request.traceId)
    expect(attribute(manual, 'order.id')).toBe('5')
  })

  it('sends host, runtime, http and its own metrics', async () => {
    const gateway = await start('express-esm.ts', 'metered')
    await fetch(`${gateway.url}/orders/5`)
    const expected = [
      ...['system.cpu.utilization', 'system.cpu.load_average.1m', 'system.memory.usage', 'system.filesystem.usage'],
      ...['system.network.io', 'process.cpu.time', 'process.memory.usage', 'process.uptime'],
      ...['nodejs.eventloop.delay.p99', 'nodejs.eventloop.utilization', 'v8js.memory.heap.used'],
      ...['http.server.request.duration', 'orders.placed', 'basket.value', 'basket.size', 'stock.level'],
    ]
    const { metrics } = await receiver.until(({ metrics }) => {
      const names = new Set(metrics.filter((metric) => serviceOf(metric) === 'metered').map((metric) => metric.name))
      return expected.every((name) => names.has(name))
    })
    const find = (name: string) => metrics.find((metric) => metric.name === name && serviceOf(metric) === 'metered')!
    expect(find('orders.placed')['sum']).toMatchObject({ isMonotonic: true })
    expect(find('orders.placed').unit).toBe('{order}')
    expect(find('basket.value')['exponentialHistogram']).toMatchObject({ dataPoints: [{ count: 1, sum: 42.5 }] })
    expect(find('basket.size')['histogram']).toBeDefined()
    expect(find('stock.level')['gauge']).toMatchObject({ dataPoints: [{ asDouble: 7 }] })
    const { resource } = find('orders.placed')
    expect(attribute(resource, 'host.name')).toBeTypeOf('string')
    expect(attribute(resource, 'service.instance.id')).toBeTypeOf('string')
    expect(attribute(resource, 'process.command_args')).toBeUndefined()
  })

  it.each(['express-esm.ts', 'fastify-esm.ts'])('marks the failed request of %s and keeps the stack', async (file) => {
    const service = `failing ${file}`
    const app = await start(file, service)
    expect((await fetch(`${app.url}/fail`)).status).toBe(500)
    const ours = (span: ReceivedSpan) => serviceOf(span) === service
    const { spans } = await receiver.until(({ spans }) => spans.some((span) => ours(span) && span.kind === server))
    const request = spans.find((span) => ours(span) && span.kind === server)!
    expect(request.status.code).toBe(2)
    expect(attribute(request, 'http.route')).toBe('/fail')
    const { spans: all } = await receiver.until(({ spans }) => spans.some((span) => ours(span) && span.events?.length))
    const event = all.find((span) => ours(span) && span.events?.length)!.events![0]!
    expect(attribute(event, 'exception.message')).toBe('this route fails')
    expect(attribute(event, 'exception.stacktrace')).toContain(file)
  })
})

it('an Express 5 service in CommonJS sends the same', async () => {
  const app = await start('express-cjs.cjs', 'cjs')
  await fetch(`${app.url}/orders/7`)
  const ours = (item: { resource: ReceivedSpan['resource'] }) => serviceOf(item) === 'cjs'
  const { spans, logs } = await receiver.until(
    ({ spans, logs, metrics }) =>
      spans.some((span) => ours(span) && span.name === 'GET /orders/:id') &&
      logs.filter(ours).length >= 3 &&
      metrics.some((metric) => ours(metric) && metric.name === 'orders.placed'),
  )
  const request = spans.find((span) => ours(span) && span.name === 'GET /orders/:id')!
  expect(spans.find((span) => ours(span) && span.name === 'price order')!.traceId).toBe(request.traceId)
  for (const log of logs.filter(ours)) expect(log.traceId).toBe(request.traceId)
})

it('a plain http server makes spans', async () => {
  const app = await start('http-plain.ts', 'plain')
  await fetch(`${app.url}/anything`)
  const { spans } = await receiver.until(({ spans }) => spans.some((span) => serviceOf(span) === 'plain'))
  const request = spans.find((span) => serviceOf(span) === 'plain')!
  expect(attribute(request, 'url.path')).toBe('/anything')
  expect(attribute(request, 'http.response.status_code')).toBe(200)
})
