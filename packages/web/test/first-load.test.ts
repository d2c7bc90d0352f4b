import { join } from 'node:path'
import { type Browser, launchBrowser } from '@burstlet/testkit/browser'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: TestServer
let browser: Browser

beforeAll(async () => {
  await build({ root: join(import.meta.dirname, '..'), logLevel: 'error' })
  server = await startServer()
  browser = await launchBrowser({ LANG: 'C', LC_ALL: 'C' })
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
  const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'x', kind: 2, startTimeUnixNano }
  await post('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
  const record = { timeUnixNano: startTimeUnixNano, body: { stringValue: 'first line' } }
  await post('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
  await server.settled()
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function post(signal: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${server.otlpHttp}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

it('draws its charts in a Chromium whose language is no language tag, as with LANG=C', async () => {
  const context = await browser.newContext()
  // Some builds of Chromium say en-US with LANG=C; those that do not say this.
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix', configurable: true })
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(await server.newSignInLink())
  for (const name of ['Overview', 'Logs', 'Ingest']) {
    await page.getByRole('link', { name }).first().click()
    await page.locator('.time-chart canvas').first().waitFor()
  }
  expect(errors).toEqual([])
})

it('comes compressed, its files and the answers of the API', async () => {
  const page = await (await browser.newContext({ locale: 'en-US' })).newPage()
  const encodings = new Map<string, string | undefined>()
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    const large = /\.(js|css)$/.test(pathname) && Number(response.headers()['content-length']) > 1024
    if (large || pathname.endsWith('/overview')) encodings.set(pathname, response.headers()['content-encoding'])
  })
  const answer = page.waitForResponse(/monitoring\/overview/)
  await page.goto(await server.newSignInLink())
  await answer
  const kinds = [...encodings.keys()].map((path) => path.split('.').at(-1)!.split('/').at(-1))
  expect(new Set(kinds)).toEqual(new Set(['js', 'css', 'overview']))
  expect(new Set(encodings.values())).toEqual(new Set(['br']))
})

it('sends logs as they come, uncompressed, to whoever follows them', async () => {
  const stop = new AbortController()
  const headers = { authorization: `Bearer ${server.apiKey}`, 'accept-encoding': 'br, gzip' }
  const tail = await fetch(`${server.api}/api/v1/monitoring/logs/tail`, { headers, signal: stop.signal })
  expect(tail.headers.get('content-encoding')).toBeNull()
  stop.abort()
})
