import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChdbServer, startChdbServer } from '@burstlet/chdb-server/start'
import type { Health } from '@burstlet/contract/health'
import type { DeadLetters, IngestResponse } from '@burstlet/contract/ingest'
import { eventually } from '@burstlet/testkit/eventually'
import { startPostgres, type TestPostgres } from '@burstlet/testkit/postgres'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Front, openFront } from './front.ts'

const main = join(import.meta.dirname, '../src/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'burstlet-roles-'))
const configuration = join(folder, 'monitoring.json')
let postgres: TestPostgres
let engine: ChdbServer
/** What the processes reach the stores by. */
let clickhouse: Front
let database: Front
let environment: Record<string, string>
let taking: TestServer
let answering: TestServer

const startTaking = () =>
  startServer({
    dataDir: join(folder, 'taking'),
    environment: { ...environment, MONITORING_ROLES: 'ingest', MONITORING_RETENTION_LOGS_DAYS: '1' },
  })
const startAnswering = () =>
  startServer({
    dataDir: join(folder, 'answering'),
    environment: { ...environment, MONITORING_ROLES: 'query,scheduler', MONITORING_CONFIG: configuration },
  })

beforeAll(async () => {
  postgres = await startPostgres()
  engine = await startChdbServer({ dataDirectory: join(folder, 'clickhouse') })
  clickhouse = await openFront(engine.url)
  database = await openFront(postgres.url)
  const clickhouseUrl = Object.assign(new URL(clickhouse.url), engine.writer, { pathname: 'shared' })
  environment = { MONITORING_CLICKHOUSE_URL: clickhouseUrl.href, MONITORING_DATABASE_URL: database.url }
  writeFileSync(configuration, JSON.stringify({ retentionDays: 14, tracing: { samplingRate: 0.5 } }))
  // Both find empty stores, and bring them up to date at the same time.
  ;[taking, answering] = await Promise.all([startTaking(), startAnswering()])
})
afterAll(async () => {
  await clickhouse.close()
  await database.close()
  await engine.stop()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function sendLog(body: string): Promise<number> {
  const timeUnixNano = String(BigInt(Date.now()) * 1_000_000n)
  const logRecords = [{ timeUnixNano, severityNumber: 9, body: { stringValue: body } }]
  const response = await fetch(`${taking.otlpHttp}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  })
  await response.arrayBuffer()
  return response.status
}

async function messages(): Promise<string[]> {
  const { items } = await answering.get<{ items: { message: string }[] }>('/logs?from=now-1h&limit=1000')
  return items.map(({ message }) => message).sort()
}

async function definitionOf(table: string): Promise<string> {
  const response = await fetch(engine.url, {
    method: 'POST',
    headers: { 'x-clickhouse-user': engine.writer.username, 'x-clickhouse-key': engine.writer.password },
    body: `SELECT engine_full FROM system.tables WHERE database = 'shared' AND name = '${table}'`,
  })
  return response.text()
}

const healthOf = async ({ api }: TestServer) => {
  const response = await fetch(`${api}/api/v1/monitoring/health`)
  return { code: response.status, ...((await response.json()) as Health) }
}

const acceptedOf = ({ totals }: IngestResponse, signal: string) =>
  totals.filter((each) => each.signal === signal).reduce((sum, { accepted }) => sum + accepted, 0)

it('finds through one process what was sent to the other', async () => {
  expect(await sendLog('sent to one')).toBe(200)
  await taking.settled()
  expect(await messages()).toEqual(['sent to one'])
  expect(answering).not.toHaveProperty('otlpHttp')
  expect(taking).not.toHaveProperty('signIn')
  expect((await fetch(`${taking.api}/api/v1/monitoring/services`)).status).toBe(404)
})

it('tells the health of its own roles only', async () => {
  expect(await healthOf(taking)).toMatchObject({
    code: 200,
    status: 'healthy',
    components: { ingest: { status: 'healthy' }, clickhouse: { status: 'healthy' }, scheduler: { status: 'disabled' } },
  })
  expect(await healthOf(answering)).toMatchObject({
    code: 200,
    components: { ingest: { status: 'disabled' }, database: { status: 'healthy' }, scheduler: { status: 'healthy' } },
  })
})

it('shows in the process that answers what the other counted, and adds its own', async () => {
  const metric = await fetch(`${answering.api}/api/v1/monitoring/metrics/custom`, {
    method: 'POST',
    headers: { authorization: `Bearer ${answering.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'own', type: 'gauge', value: 1 }),
  })
  expect(metric.status).toBe(202)
  let status = await answering.get<IngestResponse>('/ingest')
  await eventually(async () => {
    status = await answering.get<IngestResponse>('/ingest')
    return acceptedOf(status, 'logs') === 1
  })
  expect(acceptedOf(status, 'metrics')).toBe(1)
  expect(status.spool).toMatchObject({ accepting: true, refusal: null })
  expect(status.processes).toMatchObject([
    { takesOtlp: false, reportedSecondsAgo: 0, stale: false },
    { takesOtlp: true, stale: false, refusedSegments: 0 },
  ])
})

it('goes on answering when the process that takes is killed, which goes on where it was', async () => {
  const before = await answering.get<IngestResponse>('/ingest')
  await taking.kill()
  expect(await messages()).toEqual(['sent to one'])
  expect((await healthOf(answering)).code).toBe(200)
  expect((await answering.get<IngestResponse>('/ingest')).processes).toHaveLength(2)
  taking = await startTaking()
  expect(await sendLog('after the kill')).toBe(200)
  await taking.settled()
  expect(await messages()).toEqual(['after the kill', 'sent to one'])
  const after = await answering.get<IngestResponse>('/ingest')
  expect(after.processes.map(({ id }) => id)).toEqual(before.processes.map(({ id }) => id))
})

it('leaves retention to the process that schedules', async () => {
  expect(await definitionOf('logs')).toContain('TTL received + toIntervalDay(7)')
})

it('takes from the configuration file what is for a server, and names the rest', async () => {
  expect(await definitionOf('metric_samples')).toContain('TTL received + toIntervalDay(14)')
  expect(answering.log()).toContain('"unused":["tracing.samplingRate"]')
})

it('takes on when the process that answers is killed', async () => {
  await answering.kill()
  expect(await sendLog('nobody answers')).toBe(200)
  expect((await healthOf(taking)).code).toBe(200)
  answering = await startAnswering()
  await taking.settled()
  expect(await messages()).toContain('nobody answers')
})

it('lists what ClickHouse refused in the process that takes, and has it sent again or dropped there', async () => {
  const refused = join(folder, 'taking', 'segments', 'refused')
  const segment = { id: '0-1-spans', table: 'spans', rows: 3, bytes: 11, refusedAt: 1_750_000_000_000, error: 'torn' }
  writeFileSync(join(refused, '0-1-spans.native'), 'not a block')
  writeFileSync(join(refused, '0-1-spans.json'), JSON.stringify(segment))
  let items: DeadLetters['items'] = []
  await eventually(async () => {
    items = (await answering.get<DeadLetters>('/ingest/refused')).items
    return items.length > 0
  })
  const { id } = items[0]!
  const change = async (method: string, path: string) => {
    const headers = { authorization: `Bearer ${answering.apiKey}` }
    const response = await fetch(`${answering.api}/api/v1/monitoring/ingest/refused/${path}`, { method, headers })
    return { status: response.status, ...((await response.json()) as { detail?: string }) }
  }
  expect(await change('POST', `${id}/retry`)).toMatchObject({ status: 409, detail: expect.stringMatching(/./) })
  expect((await change('DELETE', id)).status).toBe(200)
  expect(existsSync(join(refused, '0-1-spans.json'))).toBe(false)
  expect((await change('DELETE', id)).status).toBe(404)
})

it('stops cleanly on SIGTERM; a process that has nothing left takes its report back', async () => {
  expect(await taking.stop()).toEqual({ code: 0, signal: null })
  const { processes, spool } = await answering.get<IngestResponse>('/ingest')
  expect(processes).toHaveLength(1)
  expect(spool).toMatchObject({
    accepting: false,
    refusal: expect.stringMatching(/No process that takes OTLP reports/),
  })
})

it('takes on without ClickHouse, which only who answers needs', async () => {
  taking = await startTaking()
  await clickhouse.close()
  expect(await sendLog('no engine')).toBe(200)
  expect(await healthOf(taking)).toMatchObject({ code: 200, components: { clickhouse: { status: 'degraded' } } })
  expect(await healthOf(answering)).toMatchObject({ code: 503, components: { clickhouse: { status: 'unhealthy' } } })
})

it('starts without both stores when it only takes, and loses nothing', async () => {
  await database.close()
  await taking.kill()
  taking = await startTaking()
  expect(await sendLog('no store')).toBe(200)
  expect(await healthOf(taking)).toMatchObject({
    code: 200,
    components: {
      ingest: { status: 'healthy' },
      clickhouse: { status: 'degraded' },
      database: { status: 'degraded', message: 'The relational store does not answer.' },
    },
  })
  await database.open()
  await clickhouse.open()
  await taking.settled()
  expect(await messages()).toEqual(['after the kill', 'no engine', 'no store', 'nobody answers', 'sent to one'])
  await eventually(async () => (await answering.get<IngestResponse>('/ingest')).spool.accepting)
  expect(await healthOf(taking)).toMatchObject({ status: 'healthy' })
  expect(await Promise.all([taking.stop(), answering.stop()])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ])
})

it('refuses roles that do not exist, and some of the roles without stores to share', () => {
  const start = (...args: string[]) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: folder })
  const unknown = start('--roles', 'ingest,api')
  expect(unknown.status).toBe(2)
  expect(unknown.stderr).toContain('there is no role api; the roles are ingest, query, scheduler')
  const alone = start('--roles', 'ingest')
  expect(alone.status).toBe(2)
  expect(alone.stderr).toMatch(/several processes need MONITORING_CLICKHOUSE_URL .* and MONITORING_DATABASE_URL/)
  const printed = start('--print-settings', '--roles', 'ingest,query,scheduler')
  expect(printed.status).toBe(0)
  expect(printed.stdout).toMatch(/MONITORING_ROLES +ingest,query,scheduler +flag/)
})
