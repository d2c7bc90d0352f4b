import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'
import { required, runService, urlOf } from '../process/service.ts'
import { buildPage } from './build.ts'
import { refuseStrangers } from './refuse-strangers.ts'

// The site: what a web server in front of an app does. It serves the page, passes the app's requests on to the gateway and the
// page's telemetry on to the backend, so that the browser speaks to one origin and holds no key. It is not instrumented.
const page = readFileSync(join(import.meta.dirname, 'page/index.html'))
const script = Buffer.from(buildPage(required('DEMO_SITE_FOLDER'), required('DEMO_RELEASE')))
const ingestKey = process.env['DEMO_INGEST_KEY']

const app = Fastify({ bodyLimit: 1024 * 1024 })
refuseStrangers(app)
app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(page))
app.get('/assets/page.js', (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script))
await app.register(httpProxy, { upstream: required('DEMO_GATEWAY_URL'), prefix: '/api', rewritePrefix: '' })
await app.register(httpProxy, {
  upstream: required('OTEL_EXPORTER_OTLP_ENDPOINT'),
  prefix: '/telemetry',
  rewritePrefix: '',
  replyOptions: {
    // For the backend it is the site that sends, not a page.
    rewriteRequestHeaders: (_request, { origin: _, cookie: __, ...headers }) => ({
      ...Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('sec-fetch-'))),
      ...(ingestKey === undefined ? {} : { authorization: `Bearer ${ingestKey}` }),
    }),
  },
})

await app.listen({ port: 0, host: '127.0.0.1' })
runService({ url: urlOf(app.server) }, () => app.close())
