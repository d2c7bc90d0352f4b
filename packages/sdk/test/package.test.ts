import { execFileSync, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { publint } from 'publint'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp, startApp } from './support/app.ts'

const SDK = fileURLToPath(new URL('..', import.meta.url))
const PNPM = ['--yes', 'pnpm@12.21.0']

let receiver: OtlpReceiver
let folder: string
let installed: string
let tarball: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  folder = mkdtempSync(join(tmpdir(), 'burstlet-pack-'))
  execFileSync('npx', [...PNPM, 'pack', '--pack-destination', folder], { cwd: SDK, stdio: 'pipe' })
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!)
  installed = install(tarball)
}, 180_000)
afterAll(async () => {
  await receiver?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Unpacks the tarball where `npm install` would put it, and links what it depends on from the workspace. */
function install(tarball: string): string {
  const target = join(folder, 'node_modules/@burstlet/monitoring')
  mkdirSync(target, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', target])
  const { dependencies } = manifest(target)
  for (const name of [...Object.keys(dependencies), 'express']) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(SDK, 'node_modules', name)), link)
  }
  return target
}

type Manifest = { dependencies: Record<string, string>; exports: Record<string, unknown> }

const manifest = (path: string) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest

/** What the tarball holds; names of shared parts carry a hash, which is left out. */
const ENTRIES = ['monitoring', 'register', 'host', 'express', 'fastify', 'koa', 'nest', 'client']
const DOCUMENTS = [
  ...['express', 'fastify', 'koa', 'nestjs', 'http', 'databases', 'queues', 'logs'],
  ...['bundles-and-typescript', 'workers-and-clusters', 'endings', 'environment'],
]
const LOADED_LATER = [
  'start',
  'validate',
  ...['http-server', 'fastify', 'sqlite', 'winston', 'host'].map((name) => `integration-${name}`),
]

it('holds what is run and read, and exact versions', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file !== 'dist' && file !== 'docs',
  )
  const shared = /^dist\/[a-z-]+-[\w-]{8}\.(d\.)?[mc][jt]s$/
  expect(files.filter((file) => !shared.test(file) || LOADED_LATER.includes(file.slice(5, -4))).toSorted()).toEqual(
    [
      ...ENTRIES.flatMap((name) => ['mjs', 'cjs', 'd.mts', 'd.cts'].map((end) => `dist/${name}.${end}`)),
      ...LOADED_LATER.map((name) => `dist/${name}.cjs`),
      ...DOCUMENTS.map((name) => `docs/${name}.md`),
      ...['dist/web.mjs', 'dist/web.d.mts', 'dist/cli.mjs', 'README.md', 'LICENSE', 'package.json'],
    ].toSorted(),
  )
  for (const [name, version] of Object.entries(manifest(installed).dependencies)) {
    expect(`${name}@${version}`).toMatch(/@\d+\.\d+\.\d+$/)
  }
})

it('keeps to its budget of bytes', () => {
  const sizes = readdirSync(join(installed, 'dist')).map((name) => statSync(join(installed, 'dist', name)).size)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600_000)
  expect(gzipSync(readFileSync(join(installed, 'dist/web.mjs')), { level: 9 }).length).toBeLessThan(30_000)
})

it('each public thing has a docstring, from which the reference is made', () => {
  const typedoc = join(SDK, 'node_modules/typedoc/bin/typedoc')
  const { status, stdout } = spawnSync(process.execPath, [typedoc, '--emit', 'none'], { cwd: SDK, encoding: 'utf8' })
  expect([stdout, status]).toEqual(['', 0])
}, 180_000)

it('publint has nothing to say', async () => {
  const { messages } = await publint({ pkgDir: installed, level: 'suggestion', strict: true })
  expect(messages).toEqual([])
})

it('the types are right in every way of resolving them', () => {
  const attw = join(SDK, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const options = ['--format', 'json', '--profile', 'node16', '--exclude-entrypoints', 'web']
  const { stdout } = spawnSync(process.execPath, [attw, tarball, ...options], { encoding: 'utf8' })
  const { analysis } = JSON.parse(stdout) as { analysis: { problems: { resolutionKind?: string }[] } }
  expect(analysis.problems.filter(({ resolutionKind }) => resolutionKind !== 'node10')).toEqual([])
})

it.each([
  [
    'ESM',
    'app.mjs',
    "import express from 'express'\nimport { logger, metrics, trace } from '@burstlet/monitoring'",
    '--import',
  ],
  [
    'CommonJS',
    'app.cjs',
    "const express = require('express')\nconst { logger, metrics, trace } = require('@burstlet/monitoring')",
    '--import',
  ],
  [
    'CommonJS by --require',
    'app2.cjs',
    "const express = require('express')\nconst { logger, metrics, trace } = require('@burstlet/monitoring')",
    '--require',
  ],
])('runs an app in %s', async (service, file, imports, flag) => {
  writeFileSync(
    join(folder, file),
    `${imports}
const work = metrics.counter('work.done')
const server = express()
  .get('/work/:id', (_request, response) => {
    trace('work', () => {
      work.add(1)
      logger.info('work speaks')
    })
    response.end()
  })
  .listen(0, '127.0.0.1', () => process.stdout.write('http://127.0.0.1:' + server.address().port + '\\n'))
`,
  )
  const app = await startApp(file, {
    endpoint: receiver.url,
    cwd: folder,
    nodeArguments: [flag, '@burstlet/monitoring/register'],
    env: { OTEL_SERVICE_NAME: service },
  })
  try {
    await fetch(`${app.url}/work/1`)
    const ours = (item: { resource: { attributes: never[] } }) => attribute(item.resource, 'service.name') === service
    const mine = <T>(items: T[]) => items.filter((item) => ours(item as never))
    const { spans, logs } = await receiver.until(
      (received) =>
        mine(received.spans).some((span) => span.name === 'GET /work/:id') &&
        mine(received.logs).length > 0 &&
        mine(received.metrics).some((metric) => metric.name === 'work.done'),
    )
    const request = mine(spans).find((span) => span.name === 'GET /work/:id')!
    expect(mine(spans).find((span) => span.name === 'work')!.traceId).toBe(request.traceId)
    expect(mine(logs)[0]!.traceId).toBe(request.traceId)
    expect(app.stderr()).toBe('')
  } finally {
    await app.stop()
  }
})

it('offers host without starting anything', async () => {
  writeFileSync(
    join(folder, 'host.mjs'),
    `import { startHostCollector } from '@burstlet/monitoring/host'
const collector = startHostCollector()
const { memory } = await collector.collect()
process.stdout.write(String(memory.total > 0))`,
  )
  const app = spawnApp('host.mjs', { endpoint: receiver.url, cwd: folder, nodeArguments: [] })
  expect(await app.ended).toBe(0)
  expect(app.stdout()).toBe('true')
})

it('has types that both module systems resolve', () => {
  const source = `import { init, type MonitoringConfig, trace } from '@burstlet/monitoring'
import { startHostCollector } from '@burstlet/monitoring/host'
const config: MonitoringConfig = { logging: { level: 'WARN' } }
init(config)
const answer: number = trace('typed', () => 42)
startHostCollector().stop()
// @ts-expect-error a level that does not exist
init({ logging: { level: 'loud' } })
export { answer }
`
  writeFileSync(join(folder, 'typed.mts'), source)
  writeFileSync(join(folder, 'typed.cts'), source)
  const compilerOptions = {
    noEmit: true,
    strict: true,
    module: 'node16',
    target: 'es2022',
    skipLibCheck: true,
    types: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['typed.mts', 'typed.cts'] }))
  const tsc = join(SDK, '../../node_modules/typescript/bin/tsc')
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})
