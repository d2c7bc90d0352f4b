import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, launchBrowser, newContext, type Page } from '@burstlet/testkit/browser'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: TestServer
let browser: Browser
let page: Page

beforeAll(async () => {
  await build({ root: join(import.meta.dirname, '..'), logLevel: 'error' })
  server = await startServer()
  browser = await launchBrowser()
  page = await (await newContext(browser)).newPage()
  page.setDefaultTimeout(20_000)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function post(body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${server.otlpHttp}/v1/traces`, { method: 'POST', headers, body })
}

it('shows what came in, what was left out, and what ClickHouse refused, which can be given up', async () => {
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
  const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'x', startTimeUnixNano }
  const spans = [span, { ...span, traceId: '0'.repeat(32) }]
  await post(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }))
  await post('{')
  const folder = join(server.dataDir, 'segments', 'refused')
  const segment = {
    id: '0-1-spans',
    table: 'spans',
    rows: 3,
    bytes: 11,
    refusedAt: Date.now(),
    error: 'Unknown column',
  }
  writeFileSync(join(folder, '0-1-spans.native'), 'not a block')
  writeFileSync(join(folder, '0-1-spans.json'), JSON.stringify(segment))

  await page.goto(server.signIn)
  await page.getByRole('link', { name: 'Ingest' }).first().click()
  const keys = page.getByRole('region', { name: 'By key' })
  await keys.getByRole('row', { name: /none traces 1 1/ }).waitFor()
  const left = page.getByRole('region', { name: 'Not taken' })
  await left.getByRole('row', { name: /invalid trace id \(traces\) 1/ }).waitFor()
  await left.getByRole('row', { name: /Requests answered 400 1/ }).waitFor()
  await page.getByRole('region', { name: 'On the way to ClickHouse' }).getByText('Nothing waits').waitFor()

  const refused = page.getByRole('region', { name: 'Refused by ClickHouse' })
  await refused.getByRole('row', { name: /spans 3 11/ }).waitFor()
  if (process.env['SCREENSHOTS'])
    await page.screenshot({ path: join(process.env['SCREENSHOTS'], 'ingest.png'), fullPage: true })
  await refused.getByRole('button', { name: 'Send again' }).click()
  await refused.getByRole('alert').waitFor()
  await refused.getByRole('button', { name: 'Drop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click()
  expect(await server.get('/ingest/refused')).toMatchObject({ items: [{ table: 'spans', rows: 3 }] })
  await refused.getByRole('button', { name: 'Drop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Drop' }).click()
  await refused.getByText('ClickHouse took everything').waitFor()
})
