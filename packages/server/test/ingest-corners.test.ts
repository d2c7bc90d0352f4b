import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { exportRequestType, otlpDefinitions } from '@burstlet/testkit/otlp-definitions'
import { normalItems } from '@burstlet/testkit/otlp-normal-form'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serviceOf } from '../src/ingest/grpc/services.ts'
import { answeredTo } from './answered.ts'

const maxBodyBytes = 30_000_000
const traces = exportRequestType(otlpDefinitions(), 'traces')
let server: TestServer

beforeAll(async () => {
  server = await startServer({ environment: { MONITORING_OTLP_MAX_BODY_BYTES: String(maxBodyBytes) } })
})
afterAll(() => server.stop())

const now = () => BigInt(Date.now()) * 1_000_000n
const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0')
let lastTrace = 0

function spanOf(trace: number, number: number, fields: object = {}) {
  const time = String(now())
  const ids = { traceId: hex(trace, 32), spanId: hex(number, 16) }
  return { ...ids, name: `span ${number}`, startTimeUnixNano: time, endTimeUnixNano: time, ...fields }
}

function requestOf(spans: object[], service = 'corners') {
  const attributes = [{ key: 'service.name', value: { stringValue: service } }]
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] }
}

function protobuf(request: ReturnType<typeof requestOf>): Uint8Array {
  const asBytes = (_name: string, value: unknown) => value
  const copy = JSON.parse(JSON.stringify(request, asBytes)) as ReturnType<typeof requestOf>
  for (const span of copy.resourceSpans[0]!.scopeSpans[0]!.spans as Record<string, unknown>[]) {
    for (const name of ['traceId', 'spanId']) span[name] = Buffer.from(span[name] as string, 'hex')
  }
  return traces.encode(traces.fromObject(copy)).finish()
}

async function post(body: Uint8Array | string | object, headers: Record<string, string> = {}, path = '/v1/traces') {
  const isBytes = body instanceof Uint8Array
  const response = await fetch(server.otlpHttp + path, {
    method: 'POST',
    headers: { 'content-type': isBytes ? 'application/x-protobuf' : 'application/json', ...headers },
    body: isBytes ? Uint8Array.from(body) : typeof body === 'string' ? body : JSON.stringify(body),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, text: bytes.toString() }
}

/** Calls Export with frames as they are; the status and message of the call. */
async function callGrpc(frames: Uint8Array, headers: Record<string, string> = {}) {
  const session = connectHttp2(server.otlpGrpc)
  const stream = session.request({
    ':method': 'POST',
    ':path': serviceOf('traces').export.path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  let found: Record<string, unknown> = {}
  for (const event of ['response', 'trailers']) {
    stream.on(event, (fields: Record<string, unknown>) => {
      found = { ...found, ...fields }
    })
  }
  stream.on('error', () => {})
  stream.end(frames)
  await once(stream.resume(), 'close')
  session.destroy()
  return {
    status: Number(found['grpc-status'] ?? -1),
    message: decodeURIComponent(String(found['grpc-message'] ?? '')),
  }
}

function frame(body: Uint8Array, flag = 0, length = body.length): Uint8Array {
  const head = Buffer.alloc(5)
  head[0] = flag
  head.writeUInt32BE(length, 1)
  return Buffer.concat([head, body])
}

describe('times', () => {
  it.each([
    ['1970', 1n],
    ['a year ago', now() - 365n * 86_400_000_000_000n],
    ['in a year', now() + 365n * 86_400_000_000_000n],
    ['after 2106, where 32 bits of seconds end', 4_400_000_000_000_000_001n],
    ['the last of 2262', (1n << 63n) - 1n],
  ])('of %s come back exactly', async (_name, time) => {
    const span = spanOf(++lastTrace, 1, { startTimeUnixNano: String(time), endTimeUnixNano: String(time) })
    const request = requestOf([span])
    expect(await post(request)).toEqual({ status: 200, text: '{}' })
    expect(await answeredTo(server, 'traces', request)).toEqual(normalItems('traces', request))
  })

  it('beyond that cost their span alone', async () => {
    const spans = [spanOf(++lastTrace, 1, { endTimeUnixNano: String(1n << 63n) }), spanOf(lastTrace, 2)]
    const { status, text } = await post(requestOf(spans))
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      partialSuccess: {
        rejectedSpans: '1',
        errorMessage: expect.stringContaining('2262 (1; the first: span "span 1")'),
      },
    })
    expect(await answeredTo(server, 'traces', requestOf(spans))).toHaveLength(1)
  })
})

describe('large requests', () => {
  it('of 100,000 spans are taken', { timeout: 120_000 }, async () => {
    const traceCount = 1000
    const first = lastTrace + 1
    lastTrace += traceCount
    const spans = Array.from({ length: 100_000 }, (_, i) => spanOf(first + (i % traceCount), i + 1))
    expect(await post(protobuf(requestOf(spans, 'hundred thousand')))).toEqual({ status: 200, text: '' })
    const request = requestOf(
      spans.filter(({ traceId }) => traceId === hex(first + 500, 32)),
      'hundred thousand',
    )
    expect(await answeredTo(server, 'traces', request)).toHaveLength(100)
    const { items } = await server.get<{ items: { name: string; requests: number }[] }>('/services?from=now-1h')
    expect(items.map(({ name }) => name)).toContain('hundred thousand')
  })

  it('with a value of a megabyte, and one nested 200 deep, come back as they were', async () => {
    let deep: object = { stringValue: 'x' }
    for (let i = 1; i < 200; i++) deep = { arrayValue: { values: [deep] } }
    const attributes = [
      { key: 'large', value: { stringValue: 'é"\\\n🚚'.repeat(150_000) } },
      { key: 'deep', value: deep },
    ]
    const request = requestOf([spanOf(++lastTrace, 1, { attributes })])
    expect(await post(request)).toEqual({ status: 200, text: '{}' })
    expect(await answeredTo(server, 'traces', request)).toEqual(normalItems('traces', request))
  })

  it('with 10,000 attributes on one span are taken without it', async () => {
    const attributes = Array.from({ length: 10_000 }, (_, i) => ({ key: `k${i}`, value: { intValue: String(i) } }))
    const spans = [spanOf(++lastTrace, 1, { attributes }), spanOf(lastTrace, 2)]
    const { status, text } = await post(requestOf(spans))
    expect(status).toBe(200)
    expect(text).toContain('there are more attributes than a record may have (1; the first: span')
    expect(await answeredTo(server, 'traces', requestOf(spans))).toHaveLength(1)
    const { rejections } = await server.get<{ rejections: object[] }>('/ingest')
    expect(rejections).toContainEqual(expect.objectContaining({ reason: 'too_many_attributes', count: 1 }))
  })

  it('of items that are next to nothing are refused before they fill memory', async () => {
    // Two million empty log records: 4 MB, and a few kB as they are sent.
    const records = Buffer.alloc(4_000_000)
    for (let i = 0; i < records.length; i += 2) records[i] = 0x12
    const wrap = (tag: number, body: Uint8Array) => {
      const length: number[] = []
      for (let rest = body.length; length.length === 0 || rest > 0; rest >>>= 7) {
        length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
      }
      return Buffer.concat([Uint8Array.from([tag, ...length]), body])
    }
    const body = gzipSync(wrap(10, wrap(18, records)))
    const { status, text } = await post(body, { 'content-encoding': 'gzip' }, '/v1/logs')
    expect(status).toBe(413)
    expect(text).toContain('more than 1000000 items')
  })
})

describe('bodies', () => {
  const padded = (bytes: number) => Buffer.concat([Buffer.from('{}'), Buffer.alloc(bytes - 2, ' ')]).toString()

  it('are taken up to the limit, to the byte, and not beyond, as sent and inflated', async () => {
    expect((await post(padded(maxBodyBytes))).status).toBe(200)
    expect((await post(padded(maxBodyBytes + 1))).status).toBe(413)
    const zip = (bytes: number) => gzipSync(padded(bytes), { level: 1 })
    const json = { 'content-encoding': 'gzip', 'content-type': 'application/json' }
    expect((await post(zip(maxBodyBytes), json)).status).toBe(200)
    expect((await post(zip(maxBodyBytes + 1), json)).status).toBe(413)
    expect((await post(zip(200_000_000), json)).status).toBe(413)
  })

  it.each([
    '{}',
    '{"resourceSpans":[]}',
    '{"resourceSpans":[{}]}',
    '{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}',
  ])('that hold nothing succeed: %s', async (body) => {
    expect(await post(body)).toEqual({ status: 200, text: '{}' })
    const { resourceSpans = [] } = JSON.parse(body) as { resourceSpans?: object[] }
    expect(await post(traces.encode(traces.fromObject({ resourceSpans })).finish())).toEqual({ status: 200, text: '' })
  })

  it('are not taken for one that was the same under another name', async () => {
    const body = JSON.stringify(requestOf([spanOf(++lastTrace, 1)]))
    expect((await post(body)).status).toBe(200)
    expect((await post(body, { 'content-encoding': 'gzip' })).status).toBe(400)
    expect((await post(Buffer.from(body))).status).toBe(400)
    expect((await post(body, {}, '/v1/logs')).status).toBe(200)
  })

  it('that come again over the other protocol are stored once', async () => {
    const request = requestOf([spanOf(++lastTrace, 1)])
    const body = protobuf(request)
    expect((await post(body)).status).toBe(200)
    expect((await callGrpc(frame(body))).status).toBe(0)
    expect((await callGrpc(frame(gzipSync(body), 1), { 'grpc-encoding': 'gzip' })).status).toBe(0)
    expect(await answeredTo(server, 'traces', request)).toHaveLength(1)
  })
})

describe('lengths that lie', () => {
  async function exchange(text: string): Promise<string> {
    const socket = connect({ port: Number(new URL(server.otlpHttp).port), host: '127.0.0.1' })
    let answer = ''
    socket.setEncoding('latin1').on('data', (piece) => {
      answer += piece
    })
    socket.on('error', () => {}).end(text)
    await once(socket, 'close')
    return answer
  }
  const head = 'POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

  it('are seen: what is missing is not stored, what is more is no request', async () => {
    const body = JSON.stringify(requestOf([spanOf(++lastTrace, 1)]))
    expect(await exchange(`${head}Content-Length: ${body.length + 10}\r\n\r\n${body}`)).not.toMatch(/ 200 OK/)
    expect(await exchange(`${head}Content-Length: 2\r\n\r\n{}${body}`)).toMatch(/HTTP\/1.1 400 /)
    expect(await exchange(`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}`)).toMatch(/ 400 /)
    expect(await exchange(`${head}Content-Length: -1\r\n\r\n{}`)).toMatch(/ 400 /)
    expect(await exchange(`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`)).toMatch(/ 400 /)
    expect(await answeredTo(server, 'traces', JSON.parse(body) as object)).toHaveLength(0)
  })

  it('and flags are seen in gRPC, and the next call is answered', async () => {
    const body = protobuf(requestOf([spanOf(++lastTrace, 1)]))
    const refused = [
      await callGrpc(frame(body, 0, body.length + 5)),
      await callGrpc(frame(body, 0, body.length - 5)),
      await callGrpc(frame(body, 0, 0xffffffff)),
      await callGrpc(frame(gzipSync(body), 1)),
      await callGrpc(frame(body, 1), { 'grpc-encoding': 'gzip' }),
      await callGrpc(new Uint8Array(0)),
      await callGrpc(frame(body, 1), { 'grpc-encoding': 'br' }),
    ]
    expect(refused.filter(({ status }) => ![3, 8, 12, 13].includes(status))).toEqual([])
    expect(refused.filter(({ message }) => message === '' || /The server failed/.test(message))).toEqual([])
    expect((await callGrpc(frame(body))).status).toBe(0)
    expect((await callGrpc(frame(gzipSync(Buffer.alloc(200_000_000)), 1), { 'grpc-encoding': 'gzip' })).status).toBe(8)
  })
})
