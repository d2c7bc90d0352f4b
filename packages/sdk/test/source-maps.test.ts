import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ErrorGroupResponse, ErrorGroupsResponse } from '@burstlet/contract/error-groups'
import type { LogRecord } from '@burstlet/contract/logs'
import type { MappedStack } from '@burstlet/contract/mapped-stack'
import type { Span } from '@burstlet/contract/traces'
import { type Browser, launchBrowser, newContext } from '@burstlet/testkit/browser'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

// Two releases of a page, built as any page is; their source maps are sent by the command that a pipeline would run.
const releases = ['1.0.0', '2.0.0']
const source = readFileSync(join(import.meta.dirname, 'apps/web-checkout/cart.ts'), 'utf8').split('\n')
const thrownAt = source.findIndex((line) => line.includes('throw new RangeError')) + 1

let folder: string
let server: TestServer
let site: Server
let browser: Browser

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'burstlet-source-maps-'))
  server = await startServer({ environment: { MONITORING_OTLP_CORS_ORIGINS: '*' } })
  for (const release of releases) {
    await build({
      entryPoints: [join(import.meta.dirname, 'apps/web-checkout/page.ts')],
      outfile: join(folder, release, 'assets/page.js'),
      define: { RELEASE: JSON.stringify(release), OTLP: JSON.stringify(server.otlpHttp) },
      bundle: true,
      minify: true,
      sourcemap: 'external',
      format: 'esm',
      platform: 'browser',
      logLevel: 'error',
    })
  }
  site = createServer(({ url = '' }, response) => {
    const [, release, file] = /^\/([\d.]+)\/(.*)$/.exec(url) ?? []
    if (file?.endsWith('.js')) {
      response.setHeader('content-type', 'text/javascript').end(readFileSync(join(folder, release ?? '', file)))
    } else {
      response
        .setHeader('content-type', 'text/html')
        .end(
          '<!doctype html><title>shop</title><button id="pay">Pay</button><button id="trace">Trace</button><script type="module" src="assets/page.js"></script>',
        )
    }
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  browser = await launchBrowser()
  for (const release of releases) {
    const page = await (await newContext(browser)).newPage()
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/${release}/`, { waitUntil: 'load' })
    await page.click('#pay')
    await page.click('#trace')
    // Leaving the page sends what waits; closing its window too could be faster than the sending.
    await page.goto('about:blank')
  }
}, 180_000)
afterAll(async () => {
  await browser?.close()
  site?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the command as a pipeline would. */
async function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const program = join(import.meta.dirname, '../src/cli.ts')
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const [code] = await once(child, 'close')
  return { code: Number(code), output }
}

const credentials = () => ({ MONITORING_URL: server.api, MONITORING_API_KEY: server.apiKey })

const thrown = (count: number) =>
  eventually(async () => {
    const { items } = await server.get<{ items: LogRecord[] }>('/logs?service=checkout-web&level=error')
    return items.length >= count ? items : undefined
  })

it('without source maps, a stack is that of the built script', async () => {
  const [log] = await thrown(2)
  expect(log).toMatchObject({ metadata: { 'exception.type': 'RangeError' } })
  expect(String(log?.metadata['exception.stacktrace'])).toMatch(/\/assets\/page\.js:\d+:\d+/)
  expect(log).not.toHaveProperty('mappedStack')
  const { items } = await server.get<ErrorGroupsResponse>('/errors?service=checkout-web')
  expect((await server.get<ErrorGroupResponse>(`/errors/${items[0]?.id}`)).mappedStack).toBeNull()
})

it('sends the source maps of a folder from the command line', async () => {
  for (const release of releases) {
    const args = ['upload-source-maps', join(folder, release), '--service', 'checkout-web', '--release', release]
    expect(await run(args, credentials())).toEqual({
      code: 0,
      output: `assets/page.js\n1 source map of checkout-web ${release}\n`,
    })
  }
  const { items } = await server.get<{ items: { file: string; version: string }[] }>('/source-maps')
  expect(items.map(({ file, version }) => `${version} ${file}`)).toEqual([
    '2.0.0 assets/page.js',
    '1.0.0 assets/page.js',
  ])
})

function expectSource(stack: MappedStack | null | undefined): void {
  expect(stack?.frames[0]).toMatchObject({
    function: 'priceOf',
    line: thrownAt,
    mapped: true,
    code: source[thrownAt - 1]?.trim(),
  })
  expect(stack?.frames[0]?.file).toMatch(/apps\/web-checkout\/cart\.ts$/)
  const names = stack?.frames.map((frame) => frame.function)
  expect(names).toEqual(expect.arrayContaining(['priceOf', 'totalOf']))
  expect(stack?.text).toMatch(/^RangeError: an item has no price\n {4}at priceOf \(\S+cart\.ts:\d+:\d+\)\n/)
}

it('then an error says where it is in the source, and what was sent is kept', async () => {
  const logs = await thrown(2)
  expect(logs.map((log) => log.resource['service.version']).toSorted()).toEqual(releases)
  for (const log of logs) {
    expectSource(log.mappedStack)
    expect(String(log.metadata['exception.stacktrace'])).toMatch(/\/assets\/page\.js:\d+:\d+/)
  }
})

it('so does the exception of a span', async () => {
  const { items } = await server.get<{ items: { traceId: string }[] }>(
    '/traces?service=checkout-web&operation=check+out',
  )
  expect(items).toHaveLength(2)
  for (const { traceId } of items) {
    const { spans } = await server.get<{ spans: Span[] }>(`/traces/${traceId}`)
    expectSource(spans[0]?.events[0]?.mappedStack)
  }
})

it('and the releases of one fault are one group, by what calls it', async () => {
  const { items } = await server.get<ErrorGroupsResponse>('/errors?service=checkout-web')
  expect(items.map(({ spans, logs }) => ({ spans, logs })).toSorted((a, b) => a.logs - b.logs)).toEqual([
    { spans: 2, logs: 0 },
    { spans: 0, logs: 2 },
  ])
  for (const { id } of items) {
    const group = await server.get<ErrorGroupResponse>(`/errors/${id}`)
    expect(group).toMatchObject({ id, type: 'RangeError', count: 2 })
    expectSource(group.mappedStack)
    expect(group.stack).toContain('/assets/page.js:')
    expect(group.series.reduce((sum, [, count]) => sum + (count ?? 0), 0)).toBe(2)
    expect(group.samples).toHaveLength(2)
  }
})

it.each([
  ['a wrong key', ['--release', '1'], { MONITORING_API_KEY: 'wrong' }, 1, '401 The key is not valid.'],
  ['no release', [], {}, 2, '--release is missing'],
  ['an unknown option', ['--release', '1', '--speed', 'high'], {}, 2, "Unknown option '--speed'"],
])('says what is wrong: %s', async (_what, args, env, code, message) => {
  const result = await run(['upload-source-maps', folder, '--service', 'checkout-web', ...args], {
    ...credentials(),
    ...env,
  })
  expect(result.code).toBe(code)
  expect(result.output).toContain(message)
})

it('says that a folder has no source maps', async () => {
  const empty = join(import.meta.dirname, 'support')
  const result = await run(['upload-source-maps', empty, '--service', 'a', '--release', '1'], credentials())
  expect(result).toMatchObject({ code: 1, output: expect.stringContaining('has a source map') })
})

it('records a deployment', async () => {
  const args = ['--service', 'checkout-web', '--release', '2.0.0', '--commit', 'f00d', '--link', 'https://ci.example/7']
  expect(await run(['record-deployment', ...args], credentials())).toMatchObject({ code: 0 })
  const { items } = await server.get<{ items: object[] }>('/annotations?service=checkout-web')
  // That 2.0.0 was seen is the same deployment.
  expect(items).toMatchObject([
    { version: '2.0.0', commit: 'f00d', url: 'https://ci.example/7', source: 'recorded', environment: '' },
  ])
})
