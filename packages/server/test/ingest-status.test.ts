import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeadLetters, type IngestResponse, ingestResponse } from '@burstlet/contract/ingest'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ingestKey = 'i'.repeat(32)
const dataDir = mkdtempSync(join(tmpdir(), 'burstlet-test-'))
const environment = {
  MONITORING_INGEST_KEY: ingestKey,
  MONITORING_MAX_ATTRIBUTES: '3',
  MONITORING_MAX_ATTRIBUTE_KEYS: '4',
  MONITORING_MAX_ATTRIBUTE_VALUE_BYTES: '200',
  MONITORING_MAX_SERIES_PER_METRIC: '2',
  MONITORING_MAX_SERIES_PER_SERVICE: '3',
}
let server: TestServer

beforeAll(async () => {
  server = await startServer({ dataDir, environment })
})
afterAll(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function post(body: string, signal = 'traces'): Promise<number> {
  const response = await fetch(`${server.otlpHttp}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ingestKey}` },
    body,
  })
  return response.status
}

async function change(method: string, path: string): Promise<{ status: number; detail?: string }> {
  const response = await fetch(`${server.api}/api/v1/monitoring${path}`, {
    method,
    headers: { authorization: `Bearer ${server.apiKey}` },
  })
  return { status: response.status, ...((await response.json()) as object) }
}

function spans(...traceIds: string[]): string {
  const startTimeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
  const all = traceIds.map((traceId) => ({
    traceId,
    spanId: '00000000000000a1',
    name: 'x',
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano,
  }))
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: all }] }] })
}

it('counts what was taken, left out, repeated and refused, by key and signal', async () => {
  const body = spans('1'.repeat(32), '2'.repeat(32), '0'.repeat(32))
  expect(await post(body)).toBe(200)
  expect(await post(body)).toBe(200)
  expect(await post('{')).toBe(400)
  await server.settled()
  const status = ingestResponse.parse(await server.get<IngestResponse>('/ingest'))
  expect(status.totals).toEqual([
    { key: 'ingest', signal: 'traces', requests: 2, repeated: 1, bytes: body.length * 2, accepted: 2, rejected: 1 },
  ])
  expect(status.rejections).toEqual([
    { signal: 'traces', reason: 'invalid_trace_id', count: 1, first: expect.stringMatching(/./) },
  ])
  expect(status.refusals).toEqual([{ status: 400, count: 1 }])
  expect(status.minutes.reduce((sum, { accepted }) => sum + accepted.traces, 0)).toBe(2)
  expect(status.spool).toMatchObject({ accepting: true, bytes: 0, segments: 0, oldestSeconds: null })
  expect(status.inserts.segments).toBeGreaterThan(0)
  expect(status.inserts.p99Seconds).toBeGreaterThan(0)
  expect(status.inserts.lastError).toBeNull()
})

it('names what is over the limits that are set', async () => {
  const log = (...attributes: object[]) => ({ body: { stringValue: 'x' }, timeUnixNano: '1', attributes })
  const string = (key: string, stringValue = 'v') => ({ key, value: { stringValue } })
  const logRecords = [
    log(string('a'), string('b'), string('c'), string('d')),
    log(string('a', 'v'.repeat(201))),
    log(string('e')),
    log(string('a'), string('b'), string('c')),
  ]
  expect(await post(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }), 'logs')).toBe(200)
  const point = (value: string) => ({ timeUnixNano: '1', asInt: '1', attributes: [string('label', value)] })
  const metrics = [
    { name: 'm', gauge: { dataPoints: [point('1'), point('2'), point('3')] } },
    { name: 'n', gauge: { dataPoints: [point('1'), point('2')] } },
  ]
  expect(await post(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }), 'metrics')).toBe(200)
  const { rejections } = await server.get<IngestResponse>('/ingest')
  const of = (signal: string) => rejections.filter((rejection) => rejection.signal === signal)
  expect(of('logs')).toEqual([
    { signal: 'logs', reason: 'too_many_attributes', count: 1, first: 'log record "x"' },
    { signal: 'logs', reason: 'attribute_value_too_long', count: 1, first: 'log record "x", attribute "a"' },
    { signal: 'logs', reason: 'attribute_key_limit', count: 1, first: 'log record "x", attribute "e"' },
  ])
  expect(of('metrics')).toEqual([{ signal: 'metrics', reason: 'series_limit', count: 2, first: 'metric "m"' }])
})

it('lists refused segments, sends them again, and drops them', async () => {
  const folder = join(dataDir, 'segments', 'refused')
  writeFileSync(join(folder, '0-1-spans.native'), 'not a block')
  const segment = { id: '0-1-spans', table: 'spans', rows: 3, bytes: 11, refusedAt: 1_750_000_000_000, error: 'torn' }
  writeFileSync(join(folder, '0-1-spans.json'), JSON.stringify(segment))
  expect((await server.get<IngestResponse>('/ingest')).refusedSegments).toBe(1)
  expect(await server.get<DeadLetters>('/ingest/refused')).toEqual({
    items: [
      {
        ...segment,
        id: expect.stringMatching(/^[0-9a-f-]{36}\.0-1-spans$/),
        refusedAt: new Date(segment.refusedAt).toISOString(),
      },
    ],
  })
  const [{ id }] = (await server.get<DeadLetters>('/ingest/refused')).items as [DeadLetters['items'][number]]
  const again = await change('POST', `/ingest/refused/${id}/retry`)
  expect(again.status).toBe(409)
  const kept = (await server.get<DeadLetters>('/ingest/refused')).items
  expect(kept).toMatchObject([{ id, error: again.detail }])
  expect((await change('DELETE', '/ingest/refused/0-1-spans')).status).toBe(200)
  expect((await server.get<DeadLetters>('/ingest/refused')).items).toEqual([])
  expect((await change('DELETE', '/ingest/refused/0-1-spans')).status).toBe(404)
  expect((await change('POST', '/ingest/refused/..%2F..%2Fspool/retry')).status).toBe(404)
  expect((await change('DELETE', '/ingest/refused/a.b')).status).toBe(404)
})
