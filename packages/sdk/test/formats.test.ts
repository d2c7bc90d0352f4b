import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp, startApp } from './support/app.ts'

const sdk = fileURLToPath(new URL('..', import.meta.url))

let receiver: OtlpReceiver
let folder: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  folder = mkdtempSync(join(tmpdir(), 'burstlet-formats-'))
  mkdirSync(join(folder, 'node_modules/@burstlet'), { recursive: true })
  symlinkSync(sdk, join(folder, 'node_modules/@burstlet/monitoring'))
  symlinkSync(join(sdk, 'node_modules/express'), join(folder, 'node_modules/express'))
})
afterAll(async () => {
  await receiver?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('an app bundled by esbuild as the README says', async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('apps/bundled.ts', import.meta.url))],
    outfile: join(folder, 'bundled.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    minify: true,
  })
  const app = await startApp('bundled.mjs', {
    endpoint: receiver.url,
    cwd: folder,
    env: { OTEL_SERVICE_NAME: 'bundled' },
  })
  try {
    await fetch(`${app.url}/orders/7`)
    const { spans } = await receiver.until(({ spans }) => spans.some((span) => span.name === 'GET /orders/:id'))
    const request = spans.find((span) => span.name === 'GET /orders/:id')
    expect(spans.find((span) => span.name === 'price order')?.traceId).toBe(request?.traceId)
  } finally {
    await app.stop()
  }
})

it('each worker of a cluster sends what is its own', async () => {
  const app = spawnApp('cluster.ts', { endpoint: receiver.url, env: { OTEL_SERVICE_NAME: 'clustered' } })
  expect(await app.ended).toBe(0)
  const spans = receiver.received.spans.filter((span) => attribute(span.resource, 'service.name') === 'clustered')
  expect(spans.filter((span) => span.name === 'in worker')).toHaveLength(2)
  expect(new Set(spans.map((span) => attribute(span.resource, 'service.instance.id'))).size).toBe(3)
})

it('what is switched off loads nothing of OpenTelemetry', async () => {
  const counter = join(folder, 'count-loads.mjs')
  writeFileSync(
    counter,
    `import { registerHooks } from 'node:module'
let loaded = 0
registerHooks({ load(url, context, next) { if (/opentelemetry|zod/.test(url)) loaded++; return next(url, context) } })
process.on('exit', () => process.stdout.write('loaded ' + loaded))`,
  )
  const register = new URL('../src/register.ts', import.meta.url).href
  const empty = join(folder, 'empty.mjs')
  writeFileSync(empty, '')
  const count = async (env: Record<string, string>) => {
    const nodeArguments = ['--import', counter, '--import', register]
    const app = spawnApp(empty, { endpoint: receiver.url, cwd: folder, nodeArguments, env })
    expect(await app.ended).toBe(0)
    return Number(/loaded (\d+)/.exec(app.stdout())?.[1])
  }
  expect(await count({ OTEL_SDK_DISABLED: 'true' })).toBe(0)
  expect(await count({})).toBeGreaterThan(50)
  writeFileSync(join(folder, 'monitoring.config.json'), '{"enabled":false}')
  try {
    expect(await count({})).toBe(0)
  } finally {
    rmSync(join(folder, 'monitoring.config.json'))
  }
})

it('a copy of the API that does not see ours is told', async () => {
  const copy = join(folder, 'node_modules/@opentelemetry/api')
  mkdirSync(copy, { recursive: true })
  writeFileSync(
    join(copy, 'package.json'),
    '{"name":"@opentelemetry/api","version":"1.99.0","main":"index.js","exports":{".":"./index.js"}}',
  )
  writeFileSync(join(copy, 'index.js'), 'exports.trace = {}')
  writeFileSync(join(folder, 'two-copies.mjs'), "import '@opentelemetry/api'")
  const register = new URL('../src/register.ts', import.meta.url).href
  const app = spawnApp('two-copies.mjs', {
    endpoint: receiver.url,
    cwd: folder,
    nodeArguments: ['--import', register],
  })
  expect(await app.ended).toBe(0)
  expect(app.stderr()).toMatch(/^\[burstlet\] there are two copies of @opentelemetry\/api: 1\.99\.0 in .* lost\./)
})
