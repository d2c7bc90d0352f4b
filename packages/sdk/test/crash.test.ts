import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, expect, it } from 'vitest'

// Each program ends as its name says, once without the SDK and once with it. What Node prints, and its exit code, are the same.
const inTimer = (body: string) => `setTimeout(() => {\n  ${body}\n}, 20)`
const serving = (handler: string) => `import http from 'node:http'
const server = http.createServer(${handler}).listen(0, '127.0.0.1', () =>
  http.get({ port: server.address().port, path: '/crash' }).on('error', () => {}))`
const own = (event: string) =>
  `process.on('uncaughtException', (error) => { ${event} })\n${inTimer("throw new Error('seen')")}`

const programs: Record<string, [code: string, said: string]> = {
  'a throw': [inTimer("throw new RangeError('thrown')"), 'thrown'],
  'a throw at the top': ["throw new RangeError('at the top')", 'at the top'],
  'throw null': [inTimer('throw null'), 'null'],
  'throw of an object': [inTimer('throw { not: "an error" }'), '[object Object]'],
  'a rejection': ["Promise.reject(new RangeError('rejected'))", 'rejected'],
  'an async function': ["async function work() {\n  await 1\n  throw new TypeError('async')\n}\nwork()", 'async'],
  'a listener that lets it live': [own('process.exitCode = 3'), 'seen'],
  'a listener that ends it': [own('console.error("own", error.message); process.exit(4)'), 'seen'],
  'a capture callback': [
    `process.setUncaughtExceptionCaptureCallback(() => {})\n${inTimer("throw new Error('seen')")}`,
    'seen',
  ],
  'a domain': [
    `import domain from 'node:domain'\nconst d = domain.create()\nd.on('error', () => { process.exitCode = 5 })\nd.run(() => ${inTimer("throw new Error('seen')")})`,
    'seen',
  ],
  'a handler': [serving("() => {\n  throw new RangeError('handler')\n}"), 'handler'],
  'a timer of a handler': [serving(`() => { ${inTimer("throw new RangeError('later')")} }`), 'later'],
  'an async handler': [
    serving("async () => {\n  await 1\n  throw new RangeError('async handler')\n}"),
    'async handler',
  ],
}
const cases = Object.keys(programs).flatMap((name) =>
  (['mjs', 'cjs'] as const).map((kind) => [name, kind, name === 'a throw' ? ['--enable-source-maps'] : []] as const),
)

let receiver: OtlpReceiver
let folder: string
beforeAll(async () => {
  receiver = await startOtlpReceiver()
  folder = mkdtempSync(join(tmpdir(), 'burstlet-crash-'))
})
afterAll(async () => {
  await receiver?.close()
  rmSync(folder, { recursive: true, force: true })
})

const register = new URL('../src/register.ts', import.meta.url).href
/** Node starts a CommonJS program another way when it is told to import anything. */
const nothing = 'data:text/javascript,'

async function run(
  file: string,
  imported: string,
  flags: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<[number, string]> {
  const child = spawn(process.execPath, [...flags, '--import', imported, file], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '60000',
      OTEL_SERVICE_NAME: file,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  // Numbers of processes, and Node's own frames between the program's and its end.
  return [code, stderr.replaceAll(/\(node:\d+\)/g, '').replaceAll(/^ +at .*\n/gm, '')]
}

it.each(cases)('%s in .%s is shown as Node shows it, and sent', async (name, kind, flags) => {
  const [code, said] = programs[name]!
  const file = `${name.replaceAll(' ', '-')}.${kind}`
  const text = kind === 'mjs' ? code : code.replaceAll(/^import (\w+) from '(.*)'$/gm, "const $1 = require('$2')")
  writeFileSync(join(folder, file), text)
  const [plain, monitored] = [await run(file, nothing, flags), await run(file, register, flags)]
  expect(monitored).toEqual(plain)
  const { logs, spans } = receiver.received
  const mine = <T extends { resource: unknown }>(items: T[]) =>
    items.filter(({ resource }) => JSON.stringify(resource).includes(file))
  expect(mine(logs).map((log) => [log.severityText, log.body.stringValue])).toEqual([['FATAL', said]])
  if (!name.includes('handler')) return
  const [span] = mine(spans).filter((one) => one.kind === 2)
  expect(span?.status).toMatchObject({ code: 2, message: said })
  expect(span?.events?.map((event) => event.name)).toEqual(['exception'])
  expect(mine(logs)[0]?.traceId).toBe(span?.traceId)
})

it('is sent over gRPC, too', async () => {
  const calls: { path: string; body: string; key: unknown }[] = []
  const backend = createServer()
  backend.on('stream', (stream, headers) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      calls.push({ path: String(headers[':path']), body: String(Buffer.concat(chunks)), key: headers['x-key'] })
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end()
    })
  })
  await once(backend.listen(0, '127.0.0.1'), 'listening')
  try {
    writeFileSync(join(folder, 'grpc.mjs'), serving("() => {\n  throw new RangeError('over gRPC')\n}"))
    const endpoint = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret',
    }
    expect(await run('grpc.mjs', register, [], env)).toEqual(await run('grpc.mjs', nothing))
    for (const service of ['trace.v1.TraceService', 'logs.v1.LogsService']) {
      const path = `/opentelemetry.proto.collector.${service}/Export`
      expect(calls).toContainEqual({ path, body: expect.stringContaining('over gRPC'), key: 'secret' })
    }
  } finally {
    backend.close()
  }
})
