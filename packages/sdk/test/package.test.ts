import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { node22 } from '@burstlet/testkit/node-22'
import { attribute, type OtlpReceiver, type Resource, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { build } from 'esbuild'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unsupportedNode } from '../src/runtime/node-version.ts'
import { spawnApp, startApp } from './support/app.ts'
import { manifestIn as manifest, type Packed, packSdk } from './support/packed.ts'
import { sdk } from './support/reader.ts'

let receiver: OtlpReceiver
let packed: Packed
let folder: string
let installed: string
let tarball: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  packed = packSdk(['express', 'fastify'])
  ;({ folder, installed, tarball } = packed)
}, 180_000)
afterAll(async () => {
  await receiver?.close()
  packed?.remove()
})

/** What the tarball holds; names of shared parts carry a hash, which is left out. */
const entries = ['monitoring', 'register', 'host', 'express', 'fastify', 'koa', 'nest', 'client']
const documents = [
  ...['express', 'fastify', 'koa', 'nestjs', 'http', 'databases', 'queues', 'logs'],
  ...['bundles-and-typescript', 'workers-and-clusters', 'endings', 'environment'],
]
const loadedLater = [
  'load',
  'start',
  'validate',
  ...['http-server', 'express', 'fastify', 'sqlite', 'winston', 'host'].map((name) => `integration-${name}`),
]

it('holds what is run and read, and exact versions', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file !== 'dist' && file !== 'docs',
  )
  const shared = /^dist\/[a-z-]+-[\w-]{8}\.(d\.)?[mc][jt]s$/
  expect(
    files
      .filter(
        (file) => !shared.test(file) || loadedLater.includes(file.slice(5, -4)) || file === 'dist/without-node.mjs',
      )
      .toSorted(),
  ).toEqual(
    [
      ...entries.flatMap((name) => ['mjs', 'cjs', 'd.mts', 'd.cts'].map((end) => `dist/${name}.${end}`)),
      ...loadedLater.map((name) => `dist/${name}.cjs`),
      ...documents.map((name) => `docs/${name}.md`),
      ...[
        'dist/without-node.mjs',
        'dist/web.mjs',
        'dist/web.d.mts',
        'dist/cli.mjs',
        'README.md',
        'LICENSE',
        'package.json',
      ],
    ].toSorted(),
  )
  for (const [name, version] of Object.entries(manifest(installed).dependencies)) {
    expect(`${name}@${version}`).toMatch(/@\d+\.\d+\.\d+$/)
  }
})

it('keeps to its budget of bytes', () => {
  const sizes = readdirSync(join(installed, 'dist')).map((name) => statSync(join(installed, 'dist', name)).size)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(780_000)
  expect(gzipSync(readFileSync(join(installed, 'dist/web.mjs')), { level: 9 }).length).toBeLessThan(30_000)
})

it('each public thing has a docstring, from which the reference is made', () => {
  const typedoc = join(sdk, 'node_modules/typedoc/bin/typedoc')
  const { status, stdout } = spawnSync(process.execPath, [typedoc, '--emit', 'none'], { cwd: sdk, encoding: 'utf8' })
  expect([stdout, status]).toEqual(['', 0])
}, 180_000)

it('publint has nothing to say', async () => {
  const { messages } = await publint({ pkgDir: installed, level: 'suggestion', strict: true })
  expect(messages).toEqual([])
})

it('the types are right in every way of resolving them', () => {
  const attw = join(sdk, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const options = ['--format', 'json', '--exclude-entrypoints', 'web']
  const { stdout } = spawnSync(process.execPath, [attw, tarball, ...options], { encoding: 'utf8' })
  const { analysis } = JSON.parse(stdout) as { analysis: { problems: { resolutionKind?: string }[] } }
  expect(analysis.problems).toEqual([])
})

/** What an app of each framework does on a request: work of its own, and a request to itself that carries the trace on. */
const work = `const work = metrics.counter('work.done')
const doWork = async (url) => {
  trace('work', () => {
    work.add(1)
    logger.info('work speaks')
  })
  await (await fetch(url + '/deeper')).text()
}
const tell = (port) => process.stdout.write('http://127.0.0.1:' + port + '\\n')
`
const express = `${work}
const server = express()
  .get('/work/:id', async (_request, response) => {
    await doWork('http://127.0.0.1:' + server.address().port)
    response.end()
  })
  .get('/deeper', (_request, response) => response.end())
  .listen(0, '127.0.0.1', () => tell(server.address().port))
`
const fastify = `${work}
const app = Fastify()
app.get('/work/:id', async () => {
  await doWork('http://127.0.0.1:' + app.server.address().port)
  return ''
})
app.get('/deeper', async () => '')
await app.listen({ port: 0 })
tell(app.server.address().port)
`
const importing = (framework: string, name: string) =>
  `import ${name} from '${framework}'\nimport { logger, metrics, trace } from '@burstlet/monitoring'\n`
const requiring =
  "const express = require('express')\nconst { logger, metrics, trace } = require('@burstlet/monitoring')\n"

const apps = [
  ['Express in ESM', 'express.mjs', importing('express', 'express') + express, '--import'],
  ['Express in CommonJS', 'express.cjs', requiring + express, '--import'],
  ['Express in CommonJS by --require', 'required.cjs', requiring + express, '--require'],
  ['Fastify in ESM', 'fastify.mjs', importing('fastify', 'Fastify') + fastify, '--import'],
  ['a bundle', 'bundle.mjs', '', '--import'],
] as const

describe.each([
  ['this Node', process.execPath],
  ['the oldest Node', node22],
])('on %s', (_name, node) => {
  beforeAll(async () => {
    for (const [, file, source] of apps) writeFileSync(join(folder, file), source)
    // As docs/bundles-and-typescript.md says; a test of the documents runs its very command.
    const entryPoints = [join(folder, 'express.mjs')]
    const outfile = join(folder, 'bundle.mjs')
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' })
  })

  it.each(apps)('runs %s', async (name, file, _source, flag) => {
    const service = `${name} on ${node}`
    const app = await startApp(file, {
      node,
      endpoint: receiver.url,
      cwd: folder,
      nodeArguments: [flag, '@burstlet/monitoring/register'],
      // All of it at the end, which is told of by a signal.
      env: { OTEL_SERVICE_NAME: service, OTEL_METRIC_EXPORT_INTERVAL: '60000' },
    })
    try {
      expect((await fetch(`${app.url}/work/1`)).status).toBe(200)
      app.process.kill('SIGTERM')
      expect([await app.ended, app.stderr()]).toEqual(['SIGTERM', ''])
    } finally {
      await app.stop()
    }
    const mine = <T extends { resource: Resource }>(items: T[]) =>
      items.filter(({ resource }) => attribute(resource, 'service.name') === service)
    const { spans, logs, metrics } = receiver.received
    const traceOf = (called: string) => mine(spans).find((span) => span.name === called)?.traceId
    const traceId = traceOf('GET /work/:id')
    expect(traceId).toMatch(/^[0-9a-f]{32}$/)
    expect([traceOf('work'), traceOf('GET'), traceOf('GET /deeper')]).toEqual([traceId, traceId, traceId])
    expect(mine(logs).map((log) => [log.body.stringValue, log.traceId])).toEqual([['work speaks', traceId]])
    expect(mine(metrics).map((metric) => metric.name)).toContain('work.done')
  })
})

it('manifest, README and the check at the start name the same oldest Node, which is tested', () => {
  const [, oldest = '', minor] = /^>=((\d+\.\d+)\.0)$/.exec(manifest(installed).engines.node) ?? []
  expect(execFileSync(node22, ['--version'], { encoding: 'utf8' }).trim()).toBe(`v${oldest}`)
  expect(readFileSync(join(installed, 'README.md'), 'utf8')).toContain(`Node ${minor} or newer`)
  expect([unsupportedNode(oldest), unsupportedNode('22.14.9')]).toEqual([
    undefined,
    expect.stringContaining(`Node ${minor} or newer`),
  ])
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
  const tsc = join(sdk, '../../node_modules/typescript/bin/tsc')
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
  expect(stdout).toBe('')
  expect(status).toBe(0)
})

it.each([
  ['commonjs', 'node10'],
  ['node16', 'node16'],
  ['esnext', 'bundler'],
])('has types for each of its paths with module %s and moduleResolution %s', (module, moduleResolution) => {
  const paths = Object.keys(manifest(installed).exports).filter((path) => !path.endsWith('.json'))
  // The page's part is an ES module, which `require` of the older resolution has no types for.
  const usable = paths.filter((path) => moduleResolution !== 'node16' || path !== './web')
  const imports = usable.map((path, index) => `import * as p${index} from '@burstlet/monitoring${path.slice(1)}'`)
  const uses = usable.map((_, index) => `p${index}`)
  writeFileSync(join(folder, 'paths.ts'), `${imports.join('\n')}\nexport default [${uses.join(', ')}]\n`)
  writeFileSync(join(folder, 'package.json'), '{"name":"reader"}')
  const compilerOptions = { noEmit: true, strict: true, module, moduleResolution, target: 'es2022', types: [] }
  const settings = { compilerOptions: { ...compilerOptions, skipLibCheck: true }, files: ['paths.ts'] }
  writeFileSync(join(folder, 'tsconfig.paths.json'), JSON.stringify(settings))
  const tsc = join(sdk, 'node_modules/typescript5/bin/tsc')
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.paths.json'], {
    cwd: folder,
    encoding: 'utf8',
  })
  rmSync(join(folder, 'package.json'))
  expect([stdout, status]).toEqual(['', 0])
})
