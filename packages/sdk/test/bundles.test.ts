import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import commonjs from '@rollup/plugin-commonjs'
import json from '@rollup/plugin-json'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import { type Plugin, rollup } from 'rollup'
import { build as vite } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import webpack from 'webpack'
import { startApp } from './support/app.ts'
import { type Packed, packSdk } from './support/packed.ts'

// The SDK inside of bundles, as the bundlers make them when nobody tells them anything about it.
const app = `import http from 'node:http'
import { init, logger, metrics, trace } from '@burstlet/monitoring'
init({ metrics: { custom: true } })
const work = metrics.counter('work.done')
const server = http.createServer((_request, response) => {
  trace('work', () => {
    work.add(1)
    logger.info('work speaks')
  })
  response.end('served')
}).listen(0, '127.0.0.1', () => process.stdout.write('http://127.0.0.1:' + server.address().port + '\\n'))
`
let receiver: OtlpReceiver
let packed: Packed
let entry: string
/** A folder above which no SDK is installed. */
let elsewhere: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  packed = packSdk()
  entry = join(packed.folder, 'app.mjs')
  writeFileSync(entry, app)
  elsewhere = `${packed.folder}-elsewhere`
  mkdirSync(elsewhere)
}, 180_000)
afterAll(async () => {
  await receiver?.close()
  packed?.remove()
  rmSync(elsewhere, { recursive: true, force: true })
})

const bundlers: Record<string, { file: string; make: (folder: string, file: string) => Promise<unknown> }> = {
  'esbuild, ES modules': {
    file: 'esbuild.mjs',
    make: (folder, file) =>
      esbuild({ entryPoints: [entry], outfile: join(folder, file), bundle: true, platform: 'node', format: 'esm' }),
  },
  'esbuild, CommonJS': {
    file: 'esbuild.cjs',
    make: (folder, file) =>
      esbuild({ entryPoints: [entry], outfile: join(folder, file), bundle: true, platform: 'node', format: 'cjs' }),
  },
  webpack: { file: 'webpack.cjs', make: (folder, file) => runWebpack(folder, file) },
  Rollup: {
    file: 'rollup.mjs',
    async make(folder, file) {
      const plugins = [
        nodeResolve({ preferBuiltins: true, exportConditions: ['node'] }),
        asPlugin(commonjs),
        asPlugin(json),
      ]
      const bundle = await rollup({ input: entry, plugins, onwarn: () => {} })
      await bundle.write({ file: join(folder, file), format: 'es' })
    },
  },
  'Vite SSR': {
    file: 'vite/app.mjs',
    make: (folder) =>
      vite({
        configFile: false,
        logLevel: 'error',
        root: packed.folder,
        build: { ssr: entry, outDir: join(folder, 'vite'), emptyOutDir: false, minify: false },
        ssr: { noExternal: true },
      }),
  },
}

/** Their types are those of CommonJS modules, which they are not for Node. */
const asPlugin = (make: unknown) => (make as () => Plugin)()

function runWebpack(folder: string, filename: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const mode = 'development'
    webpack({ mode, devtool: false, target: 'node', entry, output: { path: folder, filename } }, (error, stats) => {
      if (error !== null) reject(error)
      else if (stats?.hasErrors() === true) reject(new Error(stats.toString('errors-only')))
      else resolve()
    })
  })
}

describe.each(Object.entries(bundlers))('%s', (name, { file, make }) => {
  beforeAll(() => make(elsewhere, file), 120_000)

  it.each(['by itself', 'beside what is installed'])('runs and is seen, %s', async (where) => {
    const service = `${name} ${where}`
    const app = await startApp(join(elsewhere, file), {
      endpoint: receiver.url,
      cwd: where === 'by itself' ? elsewhere : packed.folder,
      nodeArguments: [],
      env: { OTEL_SERVICE_NAME: service, OTEL_METRIC_EXPORT_INTERVAL: '60000' },
    })
    try {
      const response = await fetch(app.url)
      expect([response.status, await response.text()]).toEqual([200, 'served'])
      app.process.kill('SIGTERM')
      expect([await app.ended, app.stderr()]).toEqual(['SIGTERM', ''])
    } finally {
      await app.stop()
    }
    const mine = <T extends { resource: never }>(items: unknown[]) =>
      (items as T[]).filter(({ resource }) => attribute(resource, 'service.name') === service)
    const { spans, logs, metrics } = receiver.received
    expect(mine<(typeof spans)[0] & { resource: never }>(spans).map(({ name, kind }) => [name, kind])).toEqual(
      expect.arrayContaining([
        ['work', 1],
        ['GET', 2],
      ]),
    )
    expect(mine<(typeof logs)[0] & { resource: never }>(logs).map((log) => log.body.stringValue)).toEqual([
      'work speaks',
    ])
    const names = mine<(typeof metrics)[0] & { resource: never }>(metrics).map((metric) => metric.name)
    expect(names).toEqual(expect.arrayContaining(['work.done', 'http.server.request.duration']))
  })
})

describe('where there is no Node', () => {
  it('a bundle for browsers has nothing of Node in it, and does nothing', async () => {
    const outfile = join(elsewhere, 'page.mjs')
    const contents =
      "import * as sdk from '@burstlet/monitoring'\nsdk.init()\nsdk.logger.info('x')\nexport default [Object.keys(sdk), sdk.trace('x', () => 42)]"
    const { metafile } = await esbuild({
      stdin: { contents, resolveDir: packed.folder },
      outfile,
      bundle: true,
      platform: 'browser',
      format: 'esm',
      metafile: true,
    })
    expect(Object.keys(metafile.inputs).some((input) => input.includes('without-node'))).toBe(true)
    const { default: made } = (await import(outfile)) as { default: [string[], number] }
    const whole = await import('@burstlet/monitoring')
    expect(made).toEqual([Object.keys(whole).toSorted(), 42])
  })
})
