import { attribute, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'

const server = 2

type Said = Record<string, { trace?: string; own?: string; statusCode: number; statusMessage: string }>

let receiver: OtlpReceiver
let said: Said
let errors: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  // All of it at the end: on a busy machine a collection can take longer than the short interval.
  const app = spawnApp('served.ts', { endpoint: receiver.url, env: { OTEL_METRIC_EXPORT_INTERVAL: '60000' } })
  expect(await app.ended).toBe(0)
  said = JSON.parse(app.stdout()) as Said
  errors = app.stderr()
}, 120_000)
afterAll(() => receiver.close())

const named = (name: string) => receiver.received.spans.find((span) => span.name === name)!
const served = (path: string) =>
  receiver.received.spans.find((span) => span.kind === server && attribute(span, 'url.path') === path)!
const attributes = (span: ReceivedSpan, ...keys: string[]) => keys.map((key) => attribute(span, key))

it('makes one server span for each request, a part of the caller’s trace', () => {
  const requests = receiver.received.spans.filter((span) => span.kind === server)
  expect(requests).toHaveLength(10)
  const client = receiver.received.spans.find(({ spanId }) => spanId === served('/written').parentSpanId)
  expect(client?.traceId).toBe(served('/written').traceId)
})

it('listeners of request and response run in the context of their request, whenever they run', () => {
  expect(named('parse body').parentSpanId).toBe(served('/body').spanId)
  expect(named('after the answer').parentSpanId).toBe(served('/finished').spanId)
})

it('tells the trace in a response header, however the others are written, unless the service names one', () => {
  expect(said['/written']).toMatchObject({ trace: served('/written').traceId, own: '1', statusCode: 201 })
  expect(said['/listed']).toMatchObject({ trace: served('/listed').traceId, own: '1', statusMessage: 'Fine' })
  expect(said['/finished']).toMatchObject({ trace: served('/finished').traceId })
  expect(said['/named']).toMatchObject({ trace: 'mine' })
})

it('a handler that throws fails its request', () => {
  const span = served('/throws')
  expect(span.status).toMatchObject({ code: 2, message: 'the handler throws' })
  expect(attributes(span, 'error.type', 'http.response.status_code')).toEqual(['RangeError', 500])
  expect(attribute(span.events![0]!, 'exception.stacktrace')).toContain('served.ts')
})

it('a connection that the client closes ends its request', () => {
  expect(served('/aborted')).toBeDefined()
})

it('knows where a request came from and what it was sent to, as proxies tell', () => {
  const keys = ['server.address', 'server.port', 'client.address']
  expect(attributes(served('/forwarded'), ...keys)).toEqual(['shop.example', 443, '2001:db8::1'])
  expect(attributes(served('/x-forwarded'), ...keys)).toEqual(['shop.example', 8443, '203.0.113.7'])
  const direct = served('/written')
  expect(attributes(direct, ...keys)).toEqual(['localhost', expect.any(Number), '127.0.0.1'])
  expect(attributes(direct, 'network.peer.address', 'url.scheme', 'http.request.method')).toEqual([
    '127.0.0.1',
    'http',
    'GET',
  ])
})

it('serves a request that it cannot follow, and says so', () => {
  expect(errors).toMatch(/^\[burstlet\] [^\n]*A request is not followed: [^\n]*\n$/)
})

it('takes a whole URL for a target, without its secrets', () => {
  expect(attributes(served('/whole'), 'url.query')).toEqual(['token=[redacted]'])
})

it('measures each request', () => {
  const metric = receiver.received.metrics.findLast(({ name }) => name === 'http.server.request.duration')
  const { dataPoints } = metric!['histogram'] as { dataPoints: { count: number; attributes: [] }[] }
  expect(dataPoints.reduce((sum, { count }) => sum + Number(count), 0)).toBe(10)
  const failed = dataPoints.find((point) => attribute(point, 'http.response.status_code') === 500)!
  expect(attribute(failed, 'error.type')).toBe('RangeError')
})
