import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { AnnotationsResponse } from '@burstlet/contract/annotations'
import type { LogsResponse } from '@burstlet/contract/logs'
import type { ServicesResponse } from '@burstlet/contract/services'
import type { SourceMapsResponse } from '@burstlet/contract/source-maps'
import { launchBrowser, newContext } from '@burstlet/testkit/browser'
import { eventually } from '@burstlet/testkit/eventually'
import { startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blocks, readersProject, sdk } from './support/reader.ts'

// What a reader copies out of the README into a terminal, a script or a page, as it stands but for addresses.
const [first, settings, releases] = blocks('README.md', 'sh') as [string, string, string]
const [page, script] = blocks('README.md', 'js') as [string, string]

/** All that somebody has who knows Express. */
const app = `import express from 'express'
const app = express()
app.get('/orders/:id', (request, response) => response.json({ id: request.params.id }))
const server = app.listen(0, '127.0.0.1', async () => {
  await fetch('http://127.0.0.1:' + server.address().port + '/orders/7')
  server.close()
})
`

let server: TestServer
let folder: string

beforeAll(async () => {
  server = await startServer({ environment: { MONITORING_OTLP_CORS_ORIGINS: '*' } })
  folder = readersProject(['express'])
  writeFileSync(join(folder, 'app.js'), app)
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** In the reader's folder; the package is there already. @throws where a line fails or complains */
async function type(lines: string, env: Record<string, string> = {}): Promise<string> {
  const typed = lines
    .replace(/^npm install .*$/m, '')
    .replaceAll('npx burstlet-monitoring', `node ${join(sdk, 'src/cli.ts')}`)
  // The last two move the clock, which the server has as well.
  const { PATH = '', HOME, LD_PRELOAD, CLOCK_SHIFT } = process.env
  const path = [dirname(process.execPath), PATH].join(delimiter)
  const { stdout, stderr } = await promisify(execFile)('sh', ['-ec', typed], {
    cwd: folder,
    env: { PATH: path, HOME, LD_PRELOAD, CLOCK_SHIFT, ...env },
  })
  expect(stderr).toBe('')
  return stdout
}

it('the first lines show a service that knows nothing of monitoring', async () => {
  expect(first).toContain('npm install @burstlet/monitoring\n')
  await type(first, { OTEL_EXPORTER_OTLP_ENDPOINT: server.otlpHttp })
  await eventually(async () => {
    const { items } = await server.get<ServicesResponse>('/services?from=now-15m')
    return items.find(({ name, requests }) => name === 'reader' && requests === 1)
  })
})

it('name, address and key are those of the variables', async () => {
  const receiver = await startOtlpReceiver()
  try {
    await type(settings.replace('https://otlp.example.com', receiver.url))
    const { requests } = receiver.received
    expect(requests.length).toBeGreaterThan(1)
    expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer KEY']))
  } finally {
    await receiver.close()
  }
})

it('a pipeline tells of a release', async () => {
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/app.js'), 'a()\n')
  writeFileSync(join(folder, 'dist/app.js.map'), '{"version":3,"sources":["app.ts"],"names":[],"mappings":"AAAA"}')
  const here = releases
    .replace('https://monitoring.example.com', server.api)
    .replace('MONITORING_API_KEY=…', `MONITORING_API_KEY=${server.apiKey}`)
    .replace('$(git rev-parse HEAD)', 'f00d')
  await type(here)
  const maps = await server.get<SourceMapsResponse>('/source-maps?service=shop-web&version=1.4.0')
  expect(maps.items.map(({ file }) => file)).toEqual(['app.js'])
  const marks = await server.get<AnnotationsResponse>('/annotations?service=shop-web&from=now-15m')
  expect(marks.items).toEqual([expect.objectContaining({ version: '1.4.0', commit: 'f00d' })])
})

it('a page reports who does what', async () => {
  const contents = page.replace('https://otlp.example.com', server.otlpHttp)
  expect(contents).not.toBe(page)
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
  })
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>shop</title><script type="module">${outputFiles[0]?.text}</script>`)
  }).listen(0, '127.0.0.1')
  const browser = await launchBrowser()
  try {
    const tab = await (await newContext(browser)).newPage()
    await tab.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}`, { waitUntil: 'load' })
    const log = await eventually(async () => {
      const { items } = await server.get<LogsResponse>('/logs?service=shop-web&from=now-15m&limit=100')
      return items.find((item) => 'eventName' in item && item.eventName === 'checkout.started')
    })
    expect(log).toMatchObject({ metadata: { plan: 'pro', 'user.id': 'user-17' } })
  } finally {
    await browser.close()
    site.close()
  }
})

it('a script asks the API', async () => {
  writeFileSync(
    join(folder, 'ask.mjs'),
    `${script.replace('http://127.0.0.1:3300', server.api)}\nprocess.stdout.write(JSON.stringify(items))\n`,
  )
  expect(await type('node ask.mjs', { API_KEY: server.apiKey })).toBe('[]')
})
