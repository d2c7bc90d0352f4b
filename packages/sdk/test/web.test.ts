import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { LogRecord } from '@burstlet/contract/logs'
import type { Span } from '@burstlet/contract/traces'
import { type Browser, launchBrowser, newContext, type Page } from '@burstlet/testkit/browser'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type App, startApp } from './support/app.ts'

// A page in a real browser, the service behind it, and a backend that has both.
let server: TestServer
let app: App
let browser: Browser
let page: Page
let bundle: string

beforeAll(async () => {
  const built = await build({
    stdin: {
      contents: `import { startWebMonitoring } from './web.ts'
        window.monitoring = startWebMonitoring({
          endpoint: window.OTLP, serviceName: 'shop-web', serviceVersion: '1.2.3', environment: 'test' })
        window.monitoring.identify('ann')`,
      resolveDir: fileURLToPath(new URL('../src', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  })
  bundle = built.outputFiles[0]?.text ?? ''
  server = await startServer({ environment: { MONITORING_OTLP_CORS_ORIGINS: '*' } })
  app = await startApp('web-shop.ts', {
    endpoint: server.otlpHttp,
    args: [server.otlpHttp],
    env: { OTEL_SERVICE_NAME: 'shop', BUNDLE: bundle },
  })
  browser = await launchBrowser()
  page = await (await newContext(browser)).newPage()
  await page.goto(`${app.url}/?token=abc`, { waitUntil: 'load' })
  await page.waitForFunction(() => 'monitoring' in window)
  await page.click('#order')
  await page.waitForFunction(() => document.title === 'ordered')
  await page.evaluate(() => {
    setTimeout(() => {
      throw new RangeError('the page fails')
    })
    void Promise.reject(new TypeError('nobody catches this'))
  })
  // Leaving the page makes the vitals final and sends what waits.
  await page.goto(`${app.url}/empty`)
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await app?.stop()
  await server?.stop()
})

const logs = (query: string) =>
  eventually(async () => {
    const { items } = await server.get<{ items: LogRecord[] }>(`/logs?from=now-1h&service=shop-web&${query}`)
    return items.length > 0 ? items : undefined
  })

const traceWith = (operation: string) =>
  eventually(async () => {
    const query = `/traces?from=now-1h&service=shop-web&operation=${operation}`
    const { items } = await server.get<{ items: { traceId: string }[] }>(query)
    if (items[0] === undefined) return undefined
    const { spans } = await server.get<{ spans: Span[] }>(`/traces/${items[0].traceId}`)
    return operation === 'POST' && spans.length < 2 ? undefined : spans
  })

it('is smaller than 30 kB, gzip', () => {
  expect(gzipSync(bundle, { level: 9 }).length).toBeLessThan(30_000)
})

it('a journey starts in the page: its request and the service are one trace, with user and session', async () => {
  const spans = await traceWith('POST')
  const request = spans.find((span) => span.service === 'shop-web')
  const served = spans.find((span) => span.service === 'shop' && span.kind === 'server')
  expect(served?.parentSpanId).toBe(request?.spanId)
  expect(served?.name).toBe('POST /orders')
  expect(request?.attributes).toMatchObject({ 'http.response.status_code': 200, 'user.id': 'ann' })
  expect(request?.attributes['session.id']).toMatch(/^[0-9a-f]{32}$/)
  expect(request?.resource).toMatchObject({ 'service.version': '1.2.3', 'deployment.environment.name': 'test' })
})

it('the load of the page continues the trace of the server that made it, with its moments', async () => {
  const spans = await traceWith('documentLoad')
  const load = spans.find((span) => span.name === 'documentLoad')
  expect(spans.find((span) => span.spanId === load?.parentSpanId)?.service).toBe('shop')
  expect(load?.events.map((event) => event.name)).toEqual(expect.arrayContaining(['responseEnd', 'domInteractive']))
  expect(String(load?.attributes['url.full'])).toContain('?token=[redacted]')
})

it('errors that nobody caught, with stack', async () => {
  const thrown = await logs('search=the+page+fails')
  expect(thrown[0]).toMatchObject({ level: 'error' })
  expect(thrown[0]?.metadata).toMatchObject({ 'exception.type': 'RangeError', 'error.origin': 'error' })
  const rejected = await logs('search=nobody+catches')
  expect(rejected[0]?.metadata).toMatchObject({ 'exception.type': 'TypeError', 'error.origin': 'unhandledrejection' })
})

it('web vitals', async () => {
  const vitals = await eventually(async () => {
    const found = (await logs('search=good&limit=100')).filter((log) => log.eventName === 'browser.web_vital')
    return found.length >= 2 ? found : undefined
  })
  const names = vitals.map((log) => log.metadata['web_vital.name'])
  expect(names).toEqual(expect.arrayContaining(['ttfb', 'fcp']))
})
