import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { identify, logger } from '@burstlet/monitoring'
import { serve } from '@hono/node-server'
import { httpInstrumentationMiddleware } from '@hono/otel'
import { context, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api'
import { Hono } from 'hono'

// Frameworks that make a server span of their own for a request that has one already.
const listening = (port: number) => process.stdout.write(`http://127.0.0.1:${port}\n`)

function hono(): void {
  const app = new Hono()
  app.use(httpInstrumentationMiddleware())
  app.get('/orders/:id', (c) => c.text('served'))
  serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => listening(port))
}

/** As Next.js does: the context of the request is left for one that is read from its headers, where they hold the trace. */
function leaving(): void {
  const tracer = trace.getTracer('framework')
  const render = (request: IncomingMessage, response: ServerResponse) => {
    const headers: Record<string, string> = {}
    propagation.inject(context.active(), headers)
    const from = propagation.extract(ROOT_CONTEXT, headers)
    const attributes = { 'http.method': request.method ?? '', 'http.target': request.url ?? '' }
    tracer.startActiveSpan('framework', { kind: SpanKind.SERVER, attributes }, from, async (span) => {
      identify({ user: 'ann' })
      logger.info('rendering')
      response.end('served')
      response.once('close', () =>
        setTimeout(() => {
          span.setAttribute('http.route', '/orders/[id]')
          span.end()
          // Nobody can help it, so nobody is told.
          span.setAttribute('late', true)
        }, 20),
      )
    })
  }
  const server = createServer(render)
  server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port))
}

/** As Next.js 15 does below a span of somebody else: only its steps know the route. */
function steps(): void {
  const server = createServer((_request, response) => {
    trace
      .getTracer('framework')
      .startSpan('resolve', { attributes: { 'next.route': '/orders/[id]/route' } })
      .end()
    response.end('served')
  })
  server.listen(0, '127.0.0.1', () => listening((server.address() as AddressInfo).port))
}

if (process.argv[2] === 'hono') hono()
else if (process.argv[2] === 'steps') steps()
else leaving()
