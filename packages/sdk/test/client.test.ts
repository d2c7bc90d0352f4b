import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ApiError, createClient, type MonitoringClient } from '../src/client.ts'
import { spawnApp } from './support/app.ts'

let server: TestServer
let client: MonitoringClient

beforeAll(async () => {
  server = await startServer()
  client = createClient({ url: server.api, apiKey: server.apiKey })
  const app = spawnApp('short.ts', { endpoint: server.otlpHttp, env: { OTEL_SERVICE_NAME: 'asked' } })
  expect(await app.ended).toBe(0)
}, 120_000)
afterAll(() => server?.stop())

it('answers what the backend has, typed', async () => {
  const trace = await eventually(async () => {
    const { items } = await client.searchTraces({ query: { service: 'asked', from: 'now-1h' } })
    return items[0]
  })
  expect(trace).toMatchObject({ rootService: 'asked', rootOperation: 'short work' })
  const answer = await client.getTrace({ path: { traceId: trace.traceId } })
  expect('spans' in answer && answer.spans.map((span) => span.name)).toEqual(['short work'])
  const everything = await client.searchTraces({ query: { service: undefined, from: 'now-1h' } })
  expect(everything.items.length).toBeGreaterThan(0)
  const { status } = await client.getHealth()
  expect(status).toBe('healthy')
})

it('sends bodies, in any method', async () => {
  const made = await client.recordAnnotation({ body: { service: 'asked', version: '2.0.0', commit: 'abc' } })
  expect(made).toMatchObject({ service: 'asked', version: '2.0.0', source: 'recorded' })
  const { items } = await client.listAnnotations({ query: { service: 'asked' } })
  expect(items).toEqual([made])
  await client.deleteAnnotation({ path: { id: String(made.id) } })
  expect((await client.listAnnotations()).items).toEqual([])
  const { results } = await client.query({
    body: { queries: { spans: { signal: 'spans', aggregate: 'count', kind: 'scalar' } } },
  })
  expect(Object.keys(results)).toEqual(['spans'])
})

it('throws what the API says', async () => {
  const failure = await client.searchTraces({ query: { from: 'yesterday-ish' } }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ApiError)
  expect(failure).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', requestId: expect.stringMatching(/./) })
  expect(failure).toHaveProperty('errors', [{ path: 'from', message: expect.stringMatching(/./) }])
  const stranger = createClient({ url: server.api, apiKey: 'no-key' })
  await expect(stranger.searchTraces()).rejects.toMatchObject({ status: 401 })
  // @ts-expect-error a path without its value
  expect(() => client.getTrace({})).toThrow('path.traceId is missing')
  // @ts-expect-error a query without its required parameter
  await expect(client.listExemplars()).rejects.toMatchObject({ errors: [{ path: 'name' }] })
  // @ts-expect-error a request without its body
  await expect(client.runSql()).rejects.toMatchObject({ status: 400 })
})

it('is what docs/openapi.json says', () => {
  const committed = fileURLToPath(new URL('../src/client/generated/', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-client-'))
  try {
    const script = fileURLToPath(new URL('../scripts/generate-client.ts', import.meta.url))
    execFileSync(process.execPath, [script, folder], { stdio: 'pipe' })
    for (const file of readdirSync(committed)) {
      const made = readFileSync(join(folder, file), 'utf8')
      expect(readFileSync(join(committed, file), 'utf8'), `${file}: run scripts/generate-client.ts`).toBe(made)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
