import { mkdtempSync, rmSync } from 'node:fs'
import type { ClientHttp2Session } from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { KeyRing } from '../src/access/key-ring.ts'
import { GrpcServer } from '../src/ingest/grpc/server.ts'
import { createIngestServer } from '../src/ingest/http/server.ts'
import { Receiver } from '../src/ingest/receiver.ts'
import { ClickhouseConnection } from '../src/storage/clickhouse/connection.ts'
import { residentBytes } from './fuzz/hostile-run.ts'
import { frame, openCall, openSession } from './grpc-streams.ts'

const key = 'k'.repeat(32)
const announced = 20_000_000
const piece = Buffer.alloc(2_000_000)
const sessions: ClientHttp2Session[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const session of sessions.splice(0)) session.destroy()
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** Begins messages of 20 MB on 60 streams of each of so many connections, and sends a tenth of each. */
function flood(address: string, connections: number, from?: string) {
  return Array.from({ length: connections }, () => {
    const session = openSession(address, from)
    sessions.push(session)
    return Array.from({ length: 60 }, () => {
      const { stream, result } = openCall(session)
      stream.write(frame(piece, 0, announced))
      return result
    })
  }).flat()
}

async function exportNothing(address: string, headers: Record<string, string> = {}, from?: string) {
  const session = openSession(address, from)
  sessions.push(session)
  const { stream, result } = openCall(session, headers)
  stream.end(frame(Buffer.alloc(0)))
  return await result
}

describe('where a key is asked for', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ environment: { MONITORING_INGEST_KEY: key } })
  })
  afterAll(() => server.stop())

  it('a gRPC call without one is answered before its message has come, and nothing of it is held', async () => {
    const before = residentBytes(server.pid)
    const refused = flood(server.otlpGrpc, 4)
    expect((await exportNothing(server.otlpGrpc, { authorization: `Bearer ${key}` })).status).toBe(0)
    expect(new Set((await Promise.all(refused)).map(({ status }) => status))).toEqual(new Set([16]))
    expect(residentBytes(server.pid) - before).toBeLessThan(150_000_000)
  })

  it('a POST without one is answered before its body has come', async () => {
    const { hostname, port } = new URL(server.otlpHttp)
    const socket = connect({ host: hostname, port: Number(port) })
    sockets.push(socket)
    socket.write(
      `POST /v1/logs HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${announced}\r\n\r\n`,
    )
    const [answer] = await new Promise<Buffer[]>((resolve) => socket.once('data', (bytes) => resolve([bytes])))
    expect(String(answer)).toMatch(/^HTTP\/1.1 401/)
  })
})

describe('where none is asked for', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it('what one peer sends without end is bounded, and others are answered meanwhile', async () => {
    const before = residentBytes(server.pid)
    const calls = flood(server.otlpGrpc, 4, '127.0.0.2')
    const refused = await Promise.race(calls)
    expect(refused).toMatchObject({ status: 14, message: expect.stringMatching(/Too many bytes/) })
    expect(refused.fields['grpc-status-details-bin']).toBeDefined()
    expect((await exportNothing(server.otlpGrpc)).status).toBe(0)
    const response = await fetch(`${server.otlpHttp}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(response.status).toBe(200)
    // Half of what all bodies may take, and what is on its way from the sockets.
    expect(residentBytes(server.pid) - before).toBeLessThan(450_000_000)
  })
})

describe('bodies that stand still or are too large', () => {
  const root = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
  const log = pino({ level: 'silent' })
  const receiver = new Receiver({
    root,
    connection: new ClickhouseConnection(),
    log,
    maxBodyBytes: 100_000,
    workers: 1,
    capBytes: 10_000_000,
    insertIntervalMs: 1000,
  })
  const guard = { keys: new KeyRing({}), corsOrigins: [] }
  const grpc = new GrpcServer({ receiver, log, ...guard, timeouts: { idle: 200, total: 600 } })
  let http: Awaited<ReturnType<typeof createIngestServer>>
  let address = ''

  beforeAll(async () => {
    const timeouts = { headers: 5000, request: 5000, idle: 200 }
    http = await createIngestServer({ receiver, log, ...guard, timeouts })
    await http.listen({ port: 0, host: '127.0.0.1' })
    address = `http://127.0.0.1:${await grpc.listen({ host: '127.0.0.1', port: 0 })}`
  })
  afterAll(async () => {
    await http.close()
    await grpc.close()
    await receiver.spool.stop()
    rmSync(root, { recursive: true })
  })

  it('end a gRPC call, and what they held is free again', async () => {
    const session = openSession(address)
    sessions.push(session)
    const { stream, result } = openCall(session)
    stream.write(frame(Buffer.alloc(5000), 0, 50_000))
    await eventually(() => receiver.memory.used === 5000)
    expect(await result).toMatchObject({ status: 14, message: 'The request came too slowly.' })
    expect(receiver.memory.used).toBe(0)
  })

  it('end a gRPC call that goes on a byte at a time', async () => {
    const session = openSession(address)
    sessions.push(session)
    const { stream, result } = openCall(session)
    stream.write(frame(Buffer.alloc(1), 0, 50_000))
    const dripping = setInterval(() => stream.write('x'), 50)
    expect(await result).toMatchObject({ status: 14 })
    clearInterval(dripping)
  })

  it('end a POST', async () => {
    const socket = connect({ port: (http.server.address() as AddressInfo).port, host: '127.0.0.1' })
    sockets.push(socket)
    let answer = ''
    socket.on('data', (bytes) => {
      answer += bytes
    })
    socket.write(
      'POST /v1/logs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n{',
    )
    await eventually(() => /^HTTP\/1.1 408.*came too slowly/s.test(answer))
    expect(receiver.memory.used).toBe(0)
  })

  it('are refused by what they announce, before they come', async () => {
    const session = openSession(address)
    sessions.push(session)
    const { stream, result } = openCall(session)
    stream.write(frame(Buffer.alloc(1), 0, 100_001))
    expect(await result).toMatchObject({ status: 8 })
  })

  it('let a client that gives up go at once', async () => {
    const session = openSession(address)
    sessions.push(session)
    const { stream, result } = openCall(session, { 'grpc-timeout': '100m' })
    stream.write(frame(Buffer.alloc(5000), 0, 50_000))
    expect(await result).toMatchObject({ status: 4 })
    expect(receiver.memory.used).toBe(0)
    const cancelled = openCall(session)
    cancelled.stream.write(frame(Buffer.alloc(5000), 0, 50_000))
    await eventually(() => receiver.memory.used === 5000)
    cancelled.stream.close(8)
    await eventually(() => receiver.memory.used === 0)
  })
})
