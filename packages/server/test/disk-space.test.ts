import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Health } from '@burstlet/contract/health'
import type { IngestResponse } from '@burstlet/contract/ingest'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { Client, credentials, status } from '@grpc/grpc-js'
import { expect, it } from 'vitest'
import { serviceOf } from '../src/ingest/grpc/services.ts'
import { engineFloor, ingestFloor } from '../src/storage/disk-space/disk-floor.ts'
import { type Disk, empty, fill, makeDisk, mayMount } from './faults/disk.ts'

const mib = 1024 * 1024

async function postLog(server: TestServer): Promise<Response> {
  const record = { timeUnixNano: String(BigInt(Date.now()) * 1_000_000n), body: { stringValue: 'a line' } }
  return await fetch(`${server.otlpHttp}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
  })
}

async function grpcStatus(server: TestServer): Promise<number> {
  const client = new Client(new URL(server.otlpGrpc).host, credentials.createInsecure())
  const { path, requestSerialize, responseDeserialize } = serviceOf('logs').export
  const { promise, resolve } = Promise.withResolvers<number>()
  client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.alloc(0), (error) =>
    resolve(error?.code ?? status.OK),
  )
  const code = await promise
  client.close()
  return code
}

it('keeps a gibibyte free, less on a small disk, and the engine half of it', () => {
  const floor = { bytes: 1024 * mib, percent: 5 }
  expect(ingestFloor(4_000_000 * mib, floor)).toBe(1024 * mib)
  expect(ingestFloor(100 * mib, floor)).toBe(5 * mib)
  expect(engineFloor(100 * mib, floor)).toBe(2.5 * mib)
  expect(ingestFloor(100 * mib, { ...floor, bytes: 0 })).toBe(0)
})

it.skipIf(!mayMount('tmpfs'))('refuses before the disk is full, says so, and goes on by itself', async () => {
  const disk: Disk = makeDisk({ type: 'tmpfs', mebibytes: 256 })
  const dataDir = join(disk.folder, 'data')
  const server = await startServer({ dataDir, environment: { MONITORING_DISK_MIN_FREE_PERCENT: '50' } })
  try {
    expect((await postLog(server)).status).toBe(200)
    await server.settled()
    const filler = join(disk.folder, 'filler')
    writeFileSync(filler, Buffer.alloc(130 * mib))

    const refused = await eventually(async () => {
      const answer = await postLog(server)
      return answer.status !== 200 && answer
    })
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await refused.json()).toMatchObject({
      message: expect.stringMatching(/disk of the spool and tables has .* free/),
    })
    expect(await grpcStatus(server)).toBe(status.UNAVAILABLE)
    const { status: state, components } = await server.get<Health>('/health')
    expect(state).toBe('degraded')
    expect(components.ingest).toMatchObject({
      status: 'degraded',
      message: expect.stringContaining('goes on by itself'),
    })
    const { spool, storage } = await server.get<IngestResponse>('/ingest')
    expect(spool).toMatchObject({ accepting: false, refusal: components.ingest.message })
    expect(storage.disks).toMatchObject([
      { holds: ['spool', 'tables'], totalBytes: 256 * mib, minFreeBytes: 128 * mib },
    ])
    const { items } = await server.get<{ items: { message: string }[] }>('/logs?from=now-1h')
    expect(items.map(({ message }) => message)).toContain('a line')

    rmSync(filler)
    await eventually(async () => (await postLog(server)).status === 200)
    expect(await server.get<Health>('/health')).toMatchObject({ status: 'healthy' })
  } finally {
    await server.stop()
    disk.remove()
  }
})

it.skipIf(!mayMount('tmpfs'))('answers 503 to a change of what people edit, and keeps what it has', async () => {
  const disk: Disk = makeDisk({ type: 'tmpfs', mebibytes: 128 })
  const server = await startServer({ dataDir: join(disk.folder, 'data') })
  let made = 0
  const annotate = () =>
    fetch(`${server.api}/api/v1/monitoring/annotations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ service: 'api', version: `v${made++}`, url: `https://example.com/${'x'.repeat(1900)}` }),
    })
  try {
    expect((await annotate()).status).toBeLessThan(300)
    fill(join(disk.folder, 'filler'))
    let changed = 1
    const refused = await eventually(async () => {
      const answer = await annotate()
      if (answer.ok) changed++
      return !answer.ok && answer
    })
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ code: 'UNAVAILABLE', detail: expect.stringContaining('disk is full') })
    empty(join(disk.folder, 'filler'))
    expect((await annotate()).ok).toBe(true)
    const { items } = await server.get<{ items: unknown[] }>('/annotations?from=now-1h&limit=1000')
    expect(items.length).toBe(changed + 1)
  } finally {
    await server.stop()
    disk.remove()
  }
})

it('tells of parts that the engine put aside as broken', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
  const first = await startServer({ dataDir })
  await postLog(first)
  await first.settled()
  expect((await first.get<IngestResponse>('/ingest')).storage.brokenParts).toEqual([])
  await first.stop()
  // As a version that did not notice failed writes left a part behind.
  const parts = readdirSync(join(dataDir, 'clickhouse'), { recursive: true, encoding: 'utf8' })
  for (const part of parts.map((name) => join(dataDir, 'clickhouse', name))) {
    if (part.endsWith('data.bin') && statSync(part).size > 0) truncateSync(part, 0)
  }
  const second = await startServer({ dataDir })
  const { storage } = await second.get<IngestResponse>('/ingest')
  expect(storage.brokenParts?.map(({ table }) => table)).toContain('logs')
  const health = await second.get<Health>('/health')
  expect(health.status).toBe('degraded')
  expect(health.components.clickhouse.message).toMatch(/damaged parts of .*logs/)
  expect(second.log()).toContain('put a part aside as broken')
  expect(await second.get<{ items: unknown[] }>('/logs?from=now-1h')).toMatchObject({ items: [] })
  expect((await postLog(second)).status).toBe(200)
  await second.stop()
  rmSync(dataDir, { recursive: true, force: true })
})
