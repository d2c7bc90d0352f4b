import { fileURLToPath } from 'node:url'
import type { LogRecord } from '@burstlet/contract/logs'
import type { ApplicationResponse, MetricResponse } from '@burstlet/contract/metrics'
import type { Span } from '@burstlet/contract/traces'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'

// The specification's middleware stack, row by row: real apps, and every answer comes from the real backend.
const appFolder = fileURLToPath(new URL('apps/stack/', import.meta.url))
const register = new URL('../src/register.ts', import.meta.url).href
const appsFolder = {
  express5: 'express5.ts',
  express4: 'express4.cjs',
  fastify5: 'fastify5.ts',
  koa: 'koa.ts',
  plain: 'plain.ts',
  nest: 'nest.mjs',
}

let server: TestServer
const apps: App[] = []
/** The trace id that each response told in its header. */
const told = new Map<string, string>()

beforeAll(async () => {
  server = await startServer()
  await Promise.all(Object.entries(appsFolder).map(([service, file]) => exercise(service, file)))
}, 240_000)
afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()))
  await server?.stop()
})

async function start(service: string, file: string, cwd: string, env: Record<string, string> = {}): Promise<App> {
  const app = await startApp(file, {
    endpoint: server.otlpHttp,
    cwd,
    nodeArguments: ['--import', register],
    env: { OTEL_SERVICE_NAME: service, ...env },
  })
  apps.push(app)
  return app
}

async function exercise(service: string, file: string): Promise<void> {
  const app = await start(service, file, appFolder)
  const headers = { 'x-user': 'ann', 'x-session': 's-1', authorization: 'Bearer a.very.secret' }
  const ask = async (path: string, more = {}) => {
    const response = await fetch(app.url + path, { headers: { ...headers, ...more } })
    told.set(`${service} ${path}`, response.headers.get('x-trace-id') ?? '')
    return response.status
  }
  expect(await ask('/orders/7?token=abc123')).toBe(200)
  expect(await ask('/orders/13', { 'x-user': 'bob', 'x-session': 's-2' })).toBe(200)
  expect(await ask('/slow')).toBe(200)
  expect(await ask('/fail')).toBe(500)
  expect(await ask('/health')).toBe(200)
}

/** The server span and its whole trace, once the backend has it. */
async function traceOf(service: string, path: string): Promise<{ request: Span; spans: Span[] }> {
  const traceId = told.get(`${service} ${path}`)
  return eventually(async () => {
    const { spans } = await server.get<{ spans?: Span[] }>(`/traces/${traceId}`)
    const request = spans?.find((span) => span.kind === 'server')
    return request === undefined ? undefined : { request, spans: spans ?? [] }
  })
}

const logsOf = (query: string) =>
  eventually(async () => {
    const { items } = await server.get<{ items: LogRecord[] }>(`/logs?from=now-1h&${query}`)
    return items.length > 0 ? items : undefined
  })

const metric = (query: string, isDone: (answer: MetricResponse) => boolean = ({ series }) => series.length > 0) =>
  eventually(async () => {
    const answer = await server.get<MetricResponse>(`/metrics?from=now-1h&${query}`)
    return isDone(answer) ? answer : undefined
  })

describe.each(Object.keys(appsFolder))('%s', (service) => {
  // Only a framework knows what a route is.
  const route = (name: string) => (service === 'plain' ? 'GET' : `GET ${name}`)

  it('requests: route, status, duration, user and session; the trace id is in the response header', async () => {
    const { request } = await traceOf(service, '/orders/7?token=abc123')
    expect(request.name).toBe(route('/orders/:id'))
    expect(request.attributes).toMatchObject({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'user.id': 'ann',
      'session.id': 's-1',
      'url.query': 'token=[redacted]',
    })
    expect(request.durationMs).toBeGreaterThan(0)
    expect(request.attributes['request.slow']).toBeUndefined()
  })

  it('performance: a slow request is marked, and its violated budget is an event and a metric', async () => {
    const { request } = await traceOf(service, '/slow')
    expect(request.attributes).toMatchObject({ 'request.slow': true })
    const violation = request.events.find((event) => event.name === 'sla.violation')
    if (service === 'plain') return
    expect(violation?.attributes).toMatchObject({ 'sla.name': 'GET /slow', 'sla.budget_ms': 20 })
    const query = `name=sla.checks&aggregation=increase&groupBy=sla.name,sla.met&filter=${encodeURIComponent(`service.name = '${service}'`)}`
    const { series } = await metric(query, (answer) => answer.series.length >= 3)
    const met = new Map(series.map(({ tags }) => [tags['sla.name'], tags['sla.met']]))
    expect(met.get('GET /slow')).toBe('false')
    expect(met.get('GET /orders/:id')).toBe('true')
  })

  it('errors: stack, type and request of what failed', async () => {
    const { request, spans } = await traceOf(service, '/fail')
    expect(request.status).toBe('error')
    expect(request.attributes).toMatchObject({ 'error.type': 'RangeError', 'user.id': 'ann' })
    const exceptions = spans.flatMap((span) => span.events).filter((event) => event.name === 'exception')
    expect(exceptions[0]?.attributes).toMatchObject({ 'exception.message': 'this route fails' })
    expect(exceptions[0]?.attributes['exception.stacktrace']).toContain('work.ts')
  })

  it('business: endpoint use, success rate, errors by type, active users and sessions', async () => {
    const item = await eventually(async () => {
      const { items } = await server.get<ApplicationResponse>(
        `/metrics?category=application&service=${service}&from=now-1h&interval=3600`,
      )
      const [last] = items
      return last !== undefined && last.requests.total >= 5 ? last : undefined
    })
    expect(item).toMatchObject({ activeUsers: 2, activeSessions: 2 })
    expect(item.errors.byType).toEqual({ RangeError: 1 })
    expect(item.errors.rate).toBeCloseTo(1 / item.requests.total)
    if (service !== 'plain') expect(item.requests.byEndpoint['GET /orders/:id']).toBe(2)
  })

  it('business and security events: a log with trace and user, a span event, a counter', async () => {
    const { request, spans } = await traceOf(service, '/orders/13')
    expect(spans.flatMap((span) => span.events.map((event) => event.name))).toContain('order.placed')
    const logs = await logsOf(`traceId=${request.traceId}`)
    const placed = logs.find((log) => log.eventName === 'order.placed')
    expect(placed?.metadata).toMatchObject({ 'event.domain': 'business', plan: 'pro' })
    const suspicious = logs.find((log) => log.eventName === 'order.suspicious')
    expect(suspicious).toMatchObject({ level: 'error' })
    expect(suspicious?.metadata).toMatchObject({ 'event.domain': 'security', order: '13' })
    const filter = `&filter=${encodeURIComponent(`service.name = '${service}'`)}`
    const counted = await metric(`name=business.events&aggregation=increase&groupBy=event.name,plan${filter}`)
    expect(counted.series.map(({ tags }) => tags)).toEqual([{ 'event.name': 'order.placed', plan: 'pro' }])
    const alarming = await metric(`name=security.events&aggregation=increase&groupBy=event.name,severity${filter}`)
    expect(alarming.series[0]?.tags).toEqual({ 'event.name': 'order.suspicious', severity: 'error' })
  })

  it('memory and health are metrics', async () => {
    const filter = `&filter=${encodeURIComponent(`service.name = '${service}'`)}`
    const memory = await metric(`name=process.memory.usage&aggregation=last${filter}`)
    expect(memory.series[0]?.points.at(-1)?.[1]).toBeGreaterThan(10_000_000)
    const health = await metric(`name=health.check.status&aggregation=min&groupBy=health.check${filter}`)
    expect(health.series[0]?.tags).toEqual({ 'health.check': 'warehouse' })
    expect(health.series[0]?.points.at(-1)?.[1]).toBe(1)
  })
})

it('one trace crosses three services over HTTP, and a queue', async () => {
  const folder = fileURLToPath(new URL('apps/', import.meta.url))
  const last = await start('chain-end', 'chain-end.ts', folder)
  const middle = await start('chain-middle', 'fastify5.ts', appFolder, { NEXT: last.url })
  const first = await start('chain-first', 'express5.ts', appFolder, { NEXT: middle.url })
  const response = await fetch(`${first.url}/chain`)
  expect(await response.json()).toEqual({ end: true })

  const traceId = response.headers.get('x-trace-id')
  const spans = await eventually(async () => {
    const { spans = [] } = await server.get<{ spans?: Span[] }>(`/traces/${traceId}`)
    return new Set(spans.map((span) => span.service)).size === 4 && spans.length >= 8 ? spans : undefined
  })
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  /** Services from the root to the span. */
  const path = (span: Span | undefined): string[] =>
    span === undefined ? [] : [...path(byId.get(span.parentSpanId ?? '')), span.service]
  const consumed = spans.find((span) => span.kind === 'consumer')
  expect(byId.get(consumed?.parentSpanId ?? '')?.kind).toBe('producer')
  expect([...new Set(path(consumed))]).toEqual(['chain-first', 'chain-middle', 'chain-end', 'chain-consumer'])
  // Three services start one after the other, as each is told where the next one is.
}, 180_000)
