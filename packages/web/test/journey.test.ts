import { join } from 'node:path'
import { type Demo, startDemo } from '@burstlet/demo/start'
import { type Browser, launchBrowser, newContext, type Page } from '@burstlet/testkit/browser'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const demoServices = ['gateway', 'video', 'transcoder']

describe('a first visit', () => {
  let server: TestServer
  let browser: Browser
  let page: Page
  let demo: Demo | undefined
  const complaints: string[] = []

  beforeAll(async () => {
    await build({ root: join(import.meta.dirname, '..'), logLevel: 'error' })
    server = await startServer()
    browser = await launchBrowser()
    page = await (await newContext(browser)).newPage()
    page.setDefaultTimeout(40_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  })

  afterAll(async () => {
    await demo?.stop()
    await browser?.close()
    await server?.stop()
  })

  it('says how to get in to someone without a session', async () => {
    const stranger = await (await newContext(browser)).newPage()
    await stranger.goto(server.api)
    await stranger.getByRole('heading', { name: 'You are not signed in' }).waitFor()
    await stranger.context().close()
  })

  it('opens by the sign-in link and shows how to connect a service', async () => {
    await page.goto(server.signIn)
    await page.getByRole('heading', { name: 'Connect a service' }).waitFor()
    await page.getByText('Python').click()
    await page.getByText('opentelemetry-instrument python app.py').waitFor()
    expect(page.url()).not.toContain('token')
  })

  it('says of a link that was used how to get another', async () => {
    const stranger = await (await newContext(browser)).newPage()
    await stranger.goto(server.signIn)
    await stranger.getByRole('heading', { name: 'This sign-in link is no longer good' }).waitFor()
    await stranger.getByText('npm start -- --sign-in-link').waitFor()
    await stranger.context().close()
  })

  it('turns into the overview by itself when the demo starts', async () => {
    demo = await startDemo({ otlpEndpoint: server.otlpHttp, rate: 8 })
    const services = page.getByRole('region', { name: 'Services', exact: true })
    for (const name of demoServices)
      await services.getByRole('rowheader', { name: new RegExp(`\\b${name}\\b`) }).waitFor()
  })

  it('leads from a service to its traces and into one that crosses services', async () => {
    const services = page.getByRole('region', { name: 'Services', exact: true })
    await services
      .getByRole('rowheader', { name: /\bgateway\b/ })
      .getByRole('link')
      .click()
    await page.waitForURL(/\/traces\?.*service=gateway/)
    const row = page.getByRole('row').filter({ hasText: 'gateway' }).filter({ hasText: 'video' }).first()
    await row.getByRole('link').click()
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/)
    const spans = page.getByRole('tree', { name: 'Spans' })
    await spans.getByRole('treeitem').filter({ hasText: 'gateway' }).first().waitFor()
    await spans.getByRole('treeitem').filter({ hasText: 'video' }).first().click()
    const panel = page.getByRole('region', { name: /^Span / })
    await panel.getByText('service.name', { exact: true }).waitFor()
    expect(page.url()).toMatch(/span=[0-9a-f]{16}/)
  })

  it('keeps the span in the link, so that another reader sees the same', async () => {
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other
      .getByRole('region', { name: /^Span / })
      .getByText('service.name', { exact: true })
      .waitFor()
    await other.close()
  })

  it('goes on to the logs of the trace, and from a line back to its trace', async () => {
    const traceId = /traces\/([0-9a-f]{32})/.exec(page.url())?.[1] ?? ''
    await page.keyboard.press('Escape')
    await page.getByRole('tab', { name: /^Logs/ }).click()
    const lines = page.getByRole('feed', { name: 'Log lines of the trace' })
    await lines.getByRole('article').first().getByRole('button').first().click()
    await lines.getByText(/^Resource, /).click()
    await lines.getByText('service.name', { exact: true }).first().waitFor()
    await lines.getByRole('link', { name: new RegExp(`Trace ${traceId.slice(0, 8)}`) }).waitFor()
  })

  it('finds log lines by level and text', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.waitForURL(/\/logs/)
    const lines = page.getByRole('feed', { name: 'Log lines' })
    await lines.getByRole('article').first().waitFor()
    await page.getByRole('checkbox', { name: /^info/ }).check()
    await page.waitForURL(/level=info/)
    await lines.getByRole('article').filter({ hasText: 'INFO' }).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('no line says this')
    await page.keyboard.press('Enter')
    await page.getByText('No log lines match in this range').waitFor()
  })

  it('says in place what is wrong with a filter', async () => {
    await page.goto(`${server.api}/traces?filter=${encodeURIComponent("service.name = 'x' AND")}`)
    const traces = page.getByRole('region', { name: 'Traces' })
    await traces.getByText('VALIDATION_ERROR').first().waitFor()
    await traces.getByRole('alert').getByText('filter', { exact: true }).waitFor()
    // The refused request is the one complaint of the console that must be there.
    const others = complaints.filter((text) => !text.includes('status of 400'))
    expect(others).toEqual([])
  })
})
