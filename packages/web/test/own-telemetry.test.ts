import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogRecord, LogsResponse } from '@burstlet/contract/logs'
import type { Span, TraceResponse, TracesResponse } from '@burstlet/contract/traces'
import { type Browser, launchBrowser, newContext, type Page } from '@burstlet/testkit/browser'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const service = 'monitoring-web'
/** Where the key `/` leads to, in the source. */
const frame = readFileSync(join(import.meta.dirname, '../src/app/frame.tsx'), 'utf8').split('\n')
const lookedFor = frame.findIndex((line) => line.includes("'[data-filter]'"))
const path = '/api/v1/monitoring/page-telemetry/v1'

describe('the page reports on itself', () => {
  let server: TestServer
  let browser: Browser
  let page: Page
  const sent: string[] = []

  beforeAll(async () => {
    await build({ root: join(import.meta.dirname, '..'), logLevel: 'error' })
    server = await startServer({ environment: { MONITORING_PAGE_TELEMETRY: 'true' } })
    browser = await launchBrowser()
    page = await (await newContext(browser)).newPage()
    page.on('request', (request) => {
      if (request.url().includes(path)) sent.push(`${request.method()} ${new URL(request.url()).pathname}`)
    })
    await page.goto(server.signIn)
    await page.waitForResponse((response) => response.url().includes(`${path}/traces`))
    await page.evaluate(() =>
      setTimeout(() => {
        throw new RangeError('the page itself fails')
      }),
    )
    await page.waitForResponse((response) => response.url().includes(`${path}/logs`))
    await page.evaluate(() => {
      const look = document.querySelector.bind(document)
      document.querySelector = (selector: string) => {
        if (selector === '[data-filter]') throw new TypeError('nothing can be found')
        return look(selector)
      }
    })
    await page.keyboard.press('/')
    await page.waitForResponse((response) => response.url().includes(`${path}/logs`))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const spansOf = async (operation: string): Promise<Span[]> => {
    const { items } = await server.get<TracesResponse>(`/traces?service=${service}&operation=${operation}&limit=100`)
    const traces = items.map(({ traceId }) => server.get<TraceResponse>(`/traces/${traceId}`))
    return (await Promise.all(traces)).flatMap(({ spans }) => spans)
  }

  it('its load and its requests, over its own origin', async () => {
    const load = await eventually(async () => (await spansOf('documentLoad'))[0])
    expect(load.resource).toMatchObject({ 'service.name': service, 'service.version': expect.stringMatching(/^\d/) })
    const requests = await eventually(async () => {
      const found = await spansOf('GET')
      return found.length > 0 && found
    })
    expect(requests.map((span) => String(span.attributes['url.full']))).toContainEqual(
      expect.stringContaining('/api/v1/monitoring/overview'),
    )
    // The link's token never leaves the address bar.
    expect(JSON.stringify(load)).not.toContain(new URL(server.signIn).searchParams.get('token'))
  })

  const errorOf = (message: string): Promise<LogRecord> =>
    eventually(async () => {
      const { items } = await server.get<LogsResponse>(`/logs?service=${service}&level=error`)
      return (items as LogRecord[]).find((log) => log.message === message)
    })

  it('its errors', async () => {
    expect((await errorOf('the page itself fails')).metadata).toMatchObject({ 'exception.type': 'RangeError' })
  })

  it('with their places in its sources, which its build left beside it', async () => {
    const { metadata, mappedStack } = await errorOf('nothing can be found')
    expect(metadata['exception.stacktrace']).toMatch(/\/assets\/[\w-]+\.js:\d+:\d+/)
    const [first] = mappedStack!.frames.filter(({ mapped }) => mapped)
    expect(first).toMatchObject({ file: 'src/app/frame.tsx', line: lookedFor + 1, code: frame[lookedFor]!.trim() })
  })

  it('but not what it reports with', async () => {
    expect(sent).toContain(`POST ${path}/traces`)
    expect(await spansOf('POST')).toEqual([])
    const requests = await spansOf('GET')
    expect(requests.filter((span) => String(span.attributes['url.full']).includes('page-telemetry'))).toEqual([])
  })

  it('lets nobody else in', async () => {
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    expect((await fetch(`${server.api}${path}/traces`, body)).status).toBe(401)
    const cookies = await page.context().cookies()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    const as = (origin: string, more: object = {}) =>
      fetch(`${server.api}${path}/traces`, { ...body, headers: { ...body.headers, cookie, origin }, ...more })
    expect((await as('https://elsewhere.example')).status).toBe(401)
    expect((await as(server.api)).status).toBe(200)
    expect((await as(server.api, { body: 'no JSON' })).status).toBe(400)
    expect((await as(server.api, { body: ' '.repeat(2_000_000) })).status).toBe(413)
    const stranger = await fetch(server.api)
    expect(await stranger.text()).not.toContain('page-telemetry')
  })

  it('and deployments are marked on its charts', async () => {
    const response = await fetch(`${server.api}/api/v1/monitoring/annotations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${server.apiKey}` },
      body: JSON.stringify({ service: 'gateway', version: '1.4.0', time: 'now-10m' }),
    })
    expect(response.status).toBe(201)
    await page.goto(`${server.api}/logs?from=now-1h`)
    await page.getByRole('img', { name: /Log lines by level over time\. gateway 1\.4\.0 deployed at \d/ }).waitFor()
    // Of a service that was chosen, only its own.
    await page.goto(`${server.api}/logs?from=now-1h&service=${service}`)
    await page.getByRole('img', { name: /Log lines by level over time$/ }).waitFor()
  })
})

it('is silent unless the server asks for it', async () => {
  const server = await startServer()
  try {
    const { signIn } = server
    const session = await fetch(signIn, { redirect: 'manual' })
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
    const page = await fetch(server.api, { headers: { cookie } })
    expect(await page.text()).not.toContain('page-telemetry')
    const headers = { cookie, origin: server.api, 'content-type': 'application/json' }
    expect((await fetch(`${server.api}${path}/traces`, { method: 'POST', headers, body: '{}' })).status).toBe(404)
  } finally {
    await server.stop()
  }
})
