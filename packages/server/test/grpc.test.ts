import { once } from 'node:events'
import { type ClientHttp2Session, connect } from 'node:http2'
import { captures, plainBody } from '@burstlet/testkit/captures'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serviceOf } from '../src/ingest/grpc/services.ts'
import { answeredOnce, missing, wanted } from './answered.ts'
import { residentBytes } from './fuzz/hostile-run.ts'

type Signal = Parameters<typeof serviceOf>[0]

let server: TestServer
beforeAll(async () => {
  server = await startServer({ environment: { MONITORING_OTLP_MAX_BODY_BYTES: '4000000' } })
})
afterAll(() => server.stop())

/** Calls Export with these bytes; an error comes back as it is. */
async function send(
  signal: Signal,
  body: Uint8Array,
  options: { address?: string; metadata?: Record<string, string>; gzip?: boolean } = {},
): Promise<{ body?: Buffer; error?: ServiceError }> {
  const address = new URL(options.address ?? server.otlpGrpc).host
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    ...(options.gzip && { 'grpc.default_compression_algorithm': 2 }),
  })
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(options.metadata ?? {})) metadata.set(name, value)
  const { path, requestSerialize, responseDeserialize } = serviceOf(signal).export
  const { promise, resolve } = Promise.withResolvers<{ body?: Buffer; error?: ServiceError }>()
  client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.from(body), metadata, (error, answer) =>
    resolve(error ? { error } : { body: answer as Buffer }),
  )
  const result = await promise
  client.close()
  return result
}

describe('captures', () => {
  const sentOverGrpc = captures().filter(({ transport }) => transport === 'grpc')
  it.each(sentOverGrpc)('$file is acknowledged', async (capture) => {
    expect(await send(capture.signal, plainBody(capture), { gzip: true })).toEqual({ body: Buffer.alloc(0) })
  })

  const answer = answeredOnce(() => server)
  it.each(sentOverGrpc)('$file is answered again', async (capture) => {
    expect(missing(wanted(capture), await answer(capture))).toEqual([])
  })
})

it('takes what the JavaScript SDK sends', async () => {
  const exporter = new OTLPTraceExporter({ url: server.otlpGrpc })
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const span = provider.getTracer('grpc-test').startSpan('over grpc')
  span.end()
  await provider.forceFlush()
  await server.settled()
  const trace = await server.get<{ spans: { name: string }[] }>(`/traces/${span.spanContext().traceId}`)
  expect(trace.spans.map(({ name }) => name)).toEqual(['over grpc'])
  await provider.shutdown()
})

it('says what is wrong with a message that cannot be decoded', async () => {
  const { error } = await send('traces', Buffer.from([10, 200, 1, 3]))
  expect(error).toMatchObject({ code: 3, details: expect.stringMatching(/./) })
})

it('refuses messages beyond the limit, before and after decompression', async () => {
  expect((await send('logs', Buffer.alloc(4_000_001))).error).toMatchObject({ code: 8 })
  expect((await send('logs', Buffer.alloc(50_000_000), { gzip: true })).error).toMatchObject({ code: 8 })
})

it('has no other service, and no reflection', async () => {
  const client = new Client(new URL(server.otlpGrpc).host, credentials.createInsecure())
  const bytes = (buffer: Buffer) => buffer
  const path = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'
  const code = await new Promise((resolve) =>
    client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), (error) => resolve(error?.code)),
  )
  client.close()
  expect(code).toBe(12)
})

it('asks for the key, and for a loopback name where there is none', async () => {
  const key = 'k'.repeat(32)
  const keyed = await startServer({ environment: { MONITORING_INGEST_KEY: key } })
  try {
    const address = keyed.otlpGrpc
    expect((await send('logs', Buffer.alloc(0), { address })).error?.code).toBe(16)
    const metadata = { authorization: `Bearer ${key}` }
    expect(await send('logs', Buffer.alloc(0), { address, metadata })).toEqual({ body: Buffer.alloc(0) })
  } finally {
    await keyed.stop()
  }
  const session = connect(server.otlpGrpc)
  const { path } = serviceOf('logs').export
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    ':authority': 'evil.example',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  stream.end(Buffer.alloc(5))
  const [headers] = await once(stream, 'response')
  const status = headers['grpc-status'] ?? (await once(stream.resume(), 'trailers'))[0]['grpc-status']
  expect(Number(status)).toBe(7)
  session.close()
})

it('tells when to come again while nothing is taken', async () => {
  const full = await startServer({
    environment: { MONITORING_SPOOL_MAX_BYTES: '1048576', MONITORING_INSERT_INTERVAL_MS: '60000' },
  })
  try {
    const [capture] = captures().filter(({ transport, signal }) => transport === 'grpc' && signal === 'logs')
    if (!capture) throw new Error('no capture')
    let error: ServiceError | undefined
    for (let i = 0; i < 20_000 && !error; i++) {
      // An unknown field makes each body another one.
      const body = Buffer.concat([plainBody(capture), Buffer.from([0xfa, 0x3f, 4, i & 255, i >> 8, 0, 0])])
      error = (await send('logs', body, { address: full.otlpGrpc })).error
    }
    expect(error?.code).toBe(14)
    const [details] = error?.metadata.get('grpc-status-details-bin') ?? []
    // google.rpc.RetryInfo { retry_delay { seconds: 1 } }
    expect(Buffer.from(details as Buffer).toString('latin1')).toContain(
      'type.googleapis.com/google.rpc.RetryInfo\x12\x04\x0a\x02\x08\x01',
    )
  } finally {
    await full.stop()
  }
})

it('goes on with 3,000 idle connections open, each of which has exported, in bounded memory', async () => {
  const before = residentBytes(server.pid)
  const sessions: ClientHttp2Session[] = []
  try {
    for (let i = 0; i < 3000; i += 100) {
      const some = Array.from({ length: 100 }, () => connect(server.otlpGrpc))
      sessions.push(...some)
      expect(await Promise.all(some.map(exportNothing))).toEqual(Array(100).fill(0))
    }
    // About 20 kB each when nothing was ever sent on it.
    expect((residentBytes(server.pid) - before) / sessions.length).toBeLessThan(100_000)
    const capture = captures().find(({ file }) => file === 'python/012.traces.grpc.bin')
    if (!capture) throw new Error('no capture')
    expect(await send('traces', plainBody(capture))).toEqual({ body: Buffer.alloc(0) })
    expect(await exportNothing(sessions[0] as ClientHttp2Session)).toBe(0)
    expect(sessions.filter((session) => session.destroyed)).toEqual([])
  } finally {
    for (const session of sessions) session.destroy()
  }
  expect(await send('logs', Buffer.alloc(0))).toEqual({ body: Buffer.alloc(0) })
})

/** Calls Export with no records on a connection of its own; the status of the call. */
async function exportNothing(session: ClientHttp2Session): Promise<number> {
  const stream = session.request({
    ':method': 'POST',
    ':path': serviceOf('logs').export.path,
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  stream.end(Buffer.alloc(5))
  const [trailers] = (await once(stream.resume(), 'trailers')) as [Record<string, string>]
  return Number(trailers['grpc-status'])
}
