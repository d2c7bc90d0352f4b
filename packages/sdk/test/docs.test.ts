import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { delimiter, join } from 'node:path'
import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { startPostgres } from '@burstlet/testkit/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'
import { blocks, readersProject, runBlock, sdk, thatEnds } from './support/reader.ts'

const documents = readdirSync(join(sdk, 'docs')).filter((name) => name.endsWith('.md'))
const packages = [
  ...['express', 'fastify', 'koa', '@koa/router', 'pg', 'ioredis', 'pino', 'winston', 'reflect-metadata'],
  ...['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify'],
]

let receiver: OtlpReceiver
let folder: string
let postgres: Awaited<ReturnType<typeof startPostgres>>
let redis: Server
let env: Record<string, string>

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  folder = readersProject(packages)
  postgres = await startPostgres()
  // Knows one answer; the client before it is the real one.
  redis = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      for (const _ of data.toString().matchAll(/^\*\d+/gm)) socket.write('+OK\r\n')
    })
  }).listen(0, '127.0.0.1')
  await once(redis, 'listening')
  env = {
    DATABASE_URL: postgres.url,
    REDIS_URL: `redis://127.0.0.1:${(redis.address() as AddressInfo).port}`,
    OTEL_METRIC_EXPORT_INTERVAL: '60000',
  }
}, 120_000)
afterAll(async () => {
  redis?.close()
  await postgres?.stop()
  await receiver?.close()
  rmSync(folder, { recursive: true, force: true })
})

const programs = documents.flatMap((name) =>
  blocks(`docs/${name}`, 'ts').map((code, index) => [name, index, code] as const),
)

it.each(programs)('%s, program %i', async (name, index, code) => {
  const app = runBlock(folder, `${name}-${index}.ts`, code, { endpoint: receiver.url, env })
  expect([await app.ended, app.stderr()]).toEqual([0, ''])
})

it('the programs sent what the documents say', () => {
  const { spans, logs } = receiver.received
  const named = (name: string) => spans.find((span) => span.name === name)
  const texts = spans.map((span) => String(attribute(span, 'db.query.text')))
  expect(texts).toEqual(expect.arrayContaining(['SELECT ? AS email', 'SELECT ? AS id WHERE ? = ?']))
  expect(JSON.stringify(spans)).not.toContain('ann@example.com')
  expect(spans.some((span) => attribute(span, 'db.system.name') === 'redis')).toBe(true)
  expect(named('process videos')?.parentSpanId).toBe(named('send videos')?.spanId)
  expect(named('resize picture')).toBeDefined()
  for (const text of ['pino speaks', 'winston speaks', 'logger speaks']) {
    expect(logs.find((log) => log.body.stringValue === text)?.traceId).toBe(named('speak')?.traceId)
  }
})

it('nestjs.md', async () => {
  const [code] = blocks('docs/nestjs.md', 'js')
  writeFileSync(
    join(folder, 'app.module.js'),
    "import { Module } from '@nestjs/common'\nexport class AppModule {}\nModule({})(AppModule)\n",
  )
  const app = runBlock(folder, 'nest.mjs', code!, { endpoint: receiver.url, env })
  expect(await app.ended).toBe(0)
  expect(app.stderr()).toMatch(/^\[burstlet\] @nestjs\/core 12\.\d+\.\d+ is not instrumented: [^\n]+ >=4\.0\.0 <12\n$/)
})

it('the bundle of bundles-and-typescript.md is made and runs', async () => {
  const [code] = blocks('docs/bundles-and-typescript.md', 'ts app.ts')
  const [commands] = blocks('docs/bundles-and-typescript.md', 'sh')
  const [bundle, start] = commands!.trim().split('\n')
  writeFileSync(join(folder, 'app.ts'), thatEnds(code!))
  const path = [join(sdk, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
  execFileSync('sh', ['-c', bundle!.replace(/^npx /, '')], { cwd: folder, env: { ...process.env, PATH: path } })
  expect(readFileSync(join(folder, 'dist/app.mjs'), 'utf8')).toContain('from "@burstlet/monitoring"')
  const [, ...nodeArguments] = start!.split(' ')
  const app = spawnApp(nodeArguments.pop()!, { endpoint: receiver.url, cwd: folder, nodeArguments })
  expect([await app.ended, app.stderr()]).toEqual([0, ''])
})

it('the README leads to every document', () => {
  const readme = readFileSync(join(sdk, 'README.md'), 'utf8')
  for (const name of documents) expect(readme).toContain(`(docs/${name})`)
})
