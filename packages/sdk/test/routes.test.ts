import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp } from './support/app.ts'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

const seldom = { OTEL_METRIC_EXPORT_INTERVAL: '60000' }
const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** What an app made of requests, once it has ended. */
async function served(file: string, kind: string, paths: string[], headers: Record<string, string> = {}) {
  const app = await startApp(file, { endpoint: receiver.url, args: [kind], env: seldom })
  try {
    for (const path of paths) await (await fetch(app.url + path, { headers })).text()
    await new Promise((resolve) => setTimeout(resolve, 100))
    app.process.kill('SIGTERM')
    expect([await app.ended, app.stderr()]).toEqual(['SIGTERM', ''])
  } finally {
    await app.stop()
  }
  const { spans, logs } = receiver.received
  return { spans, logs, requests: spans.filter((span) => span.kind === 2) }
}

describe.each(['express', 'express4'])('%s', (framework) => {
  it('names a request by the whole way to its route', async () => {
    const routes = {
      '/ui': '/ui',
      '/ui/x/7': '/ui/x/:id',
      '/ui/of/acme/items/3': '/ui/of/:tenant/items/:item',
      '/api/items/3': '/api/items/:item',
      '/api/fails': '/api/fails',
      '/api/after/3': '/api/after/:id',
      '/wrapped/items/3': '/wrapped/items/:item',
      '/files/logo.svg': '/files',
      '/api/nothing': undefined,
      '/nowhere': undefined,
    }
    const { requests } = await served('mounted.cjs', framework, Object.keys(routes))
    const found = requests.map((span) => [attribute(span, 'url.path'), attribute(span, 'http.route')])
    expect(Object.fromEntries(found)).toEqual(routes)
  })
})

describe.each([
  ['hono', '/orders/:id'],
  ['leaving', '/orders/[id]'],
  ['steps', '/orders/[id]'],
])('a framework that makes server spans (%s)', (kind, route) => {
  it.each([
    ['a caller', { traceparent: parent }],
    ['no caller', {}],
  ])('leaves one of a request, with %s, and its route', async (_name, headers) => {
    const { spans, logs, requests } = await served('server-spans.ts', kind, ['/orders/7'], headers)
    expect(requests.map((span) => [span.name, attribute(span, 'http.route')])).toEqual([[`GET ${route}`, route]])
    const [request] = requests
    const inner = spans.filter((span) => span.kind === 1)
    expect(inner.map((span) => [span.traceId, span.parentSpanId])).toEqual([[request?.traceId, request?.spanId]])
    if (kind !== 'leaving') return
    // What happens in the other context belongs to the request all the same.
    expect([attribute(request!, 'user.id'), attribute(logs[0]!, 'user.id')]).toEqual(['ann', 'ann'])
  })
})
