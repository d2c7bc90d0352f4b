import { type Browser, launchBrowser, newContext, type Page } from '@burstlet/testkit/browser'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Demo, startDemo } from '../src/start.ts'

const ingestKey = 'ingest-key-0123456789abcdef0123456789'

let server: TestServer
let demo: Demo
let browser: Browser
let page: Page

beforeAll(async () => {
  server = await startServer({ environment: { MONITORING_INGEST_KEY: ingestKey } })
  demo = await startDemo({
    otlpEndpoint: server.otlpHttp,
    rate: 0.1,
    ingestKey: ingestKey,
    api: { url: server.api, key: server.apiKey },
  })
  browser = await launchBrowser()
  page = await (await newContext(browser)).newPage()
  await page.goto(demo.siteUrl)
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
  await server?.stop()
})

interface Span {
  service: string
  name: string
  spanId: string
  parentSpanId: string | null
  attributes: Record<string, unknown>
  resource: Record<string, unknown>
}

/** The first trace that has spans of all these services. */
const traceAcross = (operation: string, services: readonly string[]) =>
  eventually(async () => {
    const search = `/traces?service=web&operation=${operation}`
    const { items } = await server.get<{ items: { traceId: string; services: string[] }[] }>(search)
    const found = items.find((item) => services.every((service) => item.services.includes(service)))
    return found && (await server.get<{ spans: Span[] }>(`/traces/${found.traceId}`)).spans
  })

it('an upload in the browser is one trace, down to the transcoder', async () => {
  // Now and then the demo's storage fails; a visitor tries again.
  await eventually(async () => {
    await page.getByRole('button', { name: 'Upload a video' }).click()
    const answer = page.locator('#player', { hasText: /is uploaded|failed/ })
    return (await answer.textContent())?.includes('is uploaded') || undefined
  })
  const spans = await traceAcross('POST', ['web', 'gateway', 'video', 'transcoder'])
  const request = spans.find(({ service }) => service === 'web')!
  expect(request.parentSpanId).toBeNull()
  expect(request.attributes).toMatchObject({
    'http.request.method': 'POST',
    'user.id': expect.stringMatching(/^user-/),
  })
  expect(String(request.attributes['url.full'])).toBe(`${demo.siteUrl}/api/uploads`)
  expect(request.resource).toMatchObject({ 'service.version': expect.stringMatching(/^\d/) })
  const served = spans.find(({ name }) => name === 'POST /uploads')!
  expect(served).toMatchObject({ service: 'gateway', parentSpanId: request.spanId })
  for (const key of ['user.id', 'session.id']) expect(served.attributes[key]).toBe(request.attributes[key])
})

it('what a visitor does holds the requests that it makes', async () => {
  await eventually(async () => {
    await page.getByRole('listitem').getByRole('button').first().click()
    await page.locator('#player', { hasText: /more like it|cannot be shown/ }).waitFor()
    return (await page.getByRole('button', { name: 'Share' }).count()) || undefined
  })
  const spans = await traceAcross('watch', ['web', 'gateway', 'video'])
  const watch = spans.find(({ name }) => name === 'watch')!
  const request = spans.find(({ service, name }) => service === 'web' && name === 'GET')!
  expect(request.parentSpanId).toBe(watch.spanId)
  expect(spans.find(({ name }) => name === 'GET /watch/:id')?.parentSpanId).toBe(request.spanId)
})

it('a fault of the page is shown in its source, and its release is marked', async () => {
  await page.getByRole('button', { name: 'Share' }).click()
  const group = await eventually(async () => {
    const { items } = await server.get<{ items: { id: string; type: string }[] }>('/errors?service=web')
    return items.find(({ type }) => type === 'TypeError')
  })
  const { mappedStack } = await server.get<{
    mappedStack: { frames: { function: string; file: string; code: string }[] }
  }>(`/errors/${group.id}`)
  expect(mappedStack.frames[0]).toMatchObject({
    function: 'handleOf',
    file: 'src/site/page/share.ts',
    code: 'return channel!.handle.toLowerCase()',
  })
  const { items } = await server.get<{ items: object[] }>('/annotations?service=web')
  expect(items).toMatchObject([{ kind: 'deployment', source: 'recorded', environment: 'demo' }])
})

it('sending telemetry makes none', async () => {
  const found = await server.get<{ items: unknown[] }>("/traces?filter=url.full CONTAINS 'telemetry'")
  expect(found.items).toEqual([])
})

it('passes nothing on from elsewhere', async () => {
  const send = (headers: Record<string, string>) =>
    fetch(`${demo.siteUrl}/telemetry/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    })
  expect((await send({})).status).toBe(200)
  expect((await send({ origin: demo.siteUrl })).status).toBe(200)
  expect((await send({ origin: 'https://elsewhere.example' })).status).toBe(403)
})
