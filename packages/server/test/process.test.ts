import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Health } from '@burstlet/contract/health'
import type { SessionsResponse } from '@burstlet/contract/sessions'
import { childrenOf, isRunning } from '@burstlet/testkit/child-processes'
import { eventually } from '@burstlet/testkit/eventually'
import { startServer, type TestServer } from '@burstlet/testkit/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const main = join(import.meta.dirname, '../src/main.ts')

/** Posts one log line with this text; resolves to the status. */
async function postLog(server: TestServer, body: string, headers: Record<string, string> = {}): Promise<number> {
  const record = {
    timeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
    severityNumber: 9,
    body: { stringValue: body },
  }
  const response = await fetch(`${server.otlpHttp}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
  })
  await response.arrayBuffer()
  return response.status
}

async function messages(server: TestServer): Promise<string[]> {
  await server.settled()
  const { items } = await server.get<{ items: { message: string }[] }>('/logs?from=now-1h&limit=1000')
  return items.map((item) => item.message).sort()
}

/** The status that `address` answers to a request under another Host; `fetch` would not send one. */
async function statusUnderHost(address: string, host: string): Promise<number | undefined> {
  const outgoing = request(address, { headers: { host } })
  outgoing.end()
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

describe('a running server', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  it('tells its health without a key', async () => {
    const response = await fetch(`${server.api}/api/v1/monitoring/health`)
    const health = (await response.json()) as Health
    expect(response.status).toBe(200)
    expect(health).toMatchObject({
      status: 'healthy',
      components: {
        ingest: { status: 'healthy' },
        clickhouse: { status: 'healthy' },
        database: { status: 'healthy' },
        scheduler: { status: 'healthy' },
      },
    })
  })

  it('asks everybody else for a key or a session', async () => {
    const url = `${server.api}/api/v1/monitoring/services`
    expect((await fetch(url)).status).toBe(401)
    expect((await fetch(url, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    expect((await fetch(url, { headers: { authorization: `Bearer ${server.apiKey}` } })).status).toBe(200)
    expect((await fetch(url, { headers: { cookie: 'burstlet_session=made-up' } })).status).toBe(401)
    const signIn = await fetch(server.signIn, { redirect: 'manual' })
    expect(signIn.status).toBe(302)
    expect(signIn.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/)
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await fetch(url, { headers: { cookie } })).status).toBe(200)
    const expired = await fetch(`${server.signIn}x`, { redirect: 'manual' })
    expect([expired.status, expired.headers.get('set-cookie')]).toEqual([302, null])
    // A link is good once.
    const again = await fetch(server.signIn, { redirect: 'manual' })
    expect([again.headers.get('location'), again.headers.get('set-cookie')]).toEqual(['/?signInLink=used', null])
    const twice = await server.newSignInLink()
    const opened = await Promise.all([1, 2, 3].map(() => fetch(twice, { redirect: 'manual' })))
    expect(opened.filter(({ headers }) => headers.has('set-cookie'))).toHaveLength(1)
    // And a session can be ended.
    const sessions = `${server.api}/api/v1/monitoring/sessions`
    const { items } = (await (await fetch(sessions, { headers: { cookie } })).json()) as SessionsResponse
    expect(items.map(({ current }) => current)).toEqual([false, true])
    const own = { cookie, origin: server.api }
    expect((await fetch(`${sessions}/${items[1]!.id}`, { method: 'DELETE', headers: own })).status).toBe(204)
    expect((await fetch(url, { headers: { cookie } })).status).toBe(401)
    expect((await fetch(`${sessions}/${items[1]!.id}`, { method: 'DELETE', headers: own })).status).toBe(401)
  })

  it('answers questions by POST to a key, and to a session from its own page only', async () => {
    expect(await postLog(server, 'asked for')).toBe(200)
    await server.settled()
    const ask = async (path: string, body: object, headers: Record<string, string>) => {
      const response = await fetch(`${server.api}/api/v1/monitoring${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      return { status: response.status, body: (await response.json()) as unknown }
    }
    const query = { kind: 'scalar', queries: { a: { signal: 'logs', filter: "'asked for'" } } }
    const key = { authorization: `Bearer ${server.apiKey}` }
    expect(await ask('/query', query, key)).toMatchObject({
      status: 200,
      body: { results: { a: { series: [{ value: 1 }] } }, meta: { source: 'logs' } },
    })
    const sql = { query: "SELECT count() FROM logs WHERE body = 'asked for'" }
    expect(await ask('/sql', sql, key)).toMatchObject({ status: 200, body: { rows: [['1']] } })
    expect((await ask('/query', query, {})).status).toBe(401)
    expect((await ask('/sql', sql, {})).status).toBe(401)
    const signIn = await fetch(await server.newSignInLink(), { redirect: 'manual' })
    const cookie = signIn.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await ask('/sql', sql, { cookie })).status).toBe(401)
    expect((await ask('/sql', sql, { cookie, origin: 'http://evil.example' })).status).toBe(401)
    expect((await ask('/sql', sql, { cookie, origin: 'null' })).status).toBe(401)
    const form = { 'content-type': 'text/plain' }
    expect((await ask('/sql', sql, { cookie, origin: 'null', ...form })).status).toBe(401)
    expect((await ask('/sql', sql, { cookie, origin: server.api, ...form })).status).toBe(415)
    expect((await ask('/sql', sql, { cookie, origin: server.api, 'sec-fetch-site': 'cross-site' })).status).toBe(401)
    expect((await ask('/sql', sql, { cookie, origin: server.api })).status).toBe(200)
  })

  it('takes no notice of a rebound name', async () => {
    expect(await statusUnderHost(`${server.api}/api/v1/monitoring/health`, 'evil.example')).toBe(421)
    expect(await statusUnderHost(`${server.otlpHttp}/v1/traces`, 'evil.example')).toBe(403)
  })

  it('keeps its secret key to its owner', async () => {
    expect((await stat(join(server.dataDir, 'secret-key'))).mode & 0o777).toBe(0o600)
  })

  it('says which port is taken', () => {
    const port = new URL(server.otlpHttp).port
    const second = spawnSync(
      process.execPath,
      [main, '--data-dir', join(server.dataDir, 'second'), '--otlp-http-port', port],
      {
        encoding: 'utf8',
        env: { ...process.env, MONITORING_API_PORT: '0' },
      },
    )
    expect(second.status).toBe(1)
    expect(second.stderr).toContain(`Port ${port} on 127.0.0.1 is taken by another program`)
  })

  it('says that its data folder is in use', () => {
    const second = spawnSync(process.execPath, [main, '--data-dir', server.dataDir], {
      encoding: 'utf8',
      env: { ...process.env, MONITORING_API_PORT: '0', MONITORING_OTLP_HTTP_PORT: '0' },
    })
    expect(second.status).toBe(1)
    expect(second.stderr).toMatch(/in use/)
  })
})

it.skipIf(!existsSync('/dev/full'))('goes on when its log can be written no more', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'burstlet-process-'))
  const full = openSync('/dev/full', 'w')
  const ports = ['--api-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0']
  const child = spawn(process.execPath, [main, '--data-dir', dataDir, '--print-addresses', ...ports], {
    stdio: ['ignore', 'pipe', full],
    env: { ...process.env, MONITORING_LOG_LEVEL: 'trace' },
  })
  closeSync(full)
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string]
  const { api } = JSON.parse(line) as { api: string }
  expect((await fetch(`${api}/api/v1/monitoring/health`)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  await rm(dataDir, { recursive: true })
})

it('asks for the ingest key when there is one', async () => {
  const key = randomBytes(20).toString('hex')
  const server = await startServer({ environment: { MONITORING_INGEST_KEY: key } })
  expect(await postLog(server, 'no key')).toBe(401)
  expect(await postLog(server, 'with key', { authorization: `Bearer ${key}` })).toBe(200)
  expect(await messages(server)).toEqual(['with key'])
  await server.stop()
})

it('does not start beyond loopback without an ingest key, nor with a wrong setting', () => {
  const open = spawnSync(process.execPath, [main, '--host', '0.0.0.0'], { encoding: 'utf8' })
  expect(open.status).toBe(2)
  expect(open.stderr).toMatch(/MONITORING_INGEST_KEY must be set/)
  const wrong = spawnSync(process.execPath, [main, '--api-port', 'many'], { encoding: 'utf8' })
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).toMatch(/MONITORING_API_PORT/)
})

it('stops cleanly on SIGTERM and finds everything at the next start', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'burstlet-process-'))
  const first = await startServer({ dataDir })
  expect(await postLog(first, 'before')).toBe(200)
  const children = childrenOf(first.pid)
  expect(await first.stop()).toEqual({ code: 0, signal: null })
  expect(children.filter(isRunning)).toEqual([])

  const second = await startServer({ dataDir })
  expect(await messages(second)).toEqual(['before'])
  await second.stop()
  await rm(dataDir, { recursive: true })
})

it('loses nothing acknowledged when it is killed, and its engine does not outlive it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'burstlet-process-'))
  const first = await startServer({ dataDir })
  const acknowledged: string[] = []
  const load = (async () => {
    for (let index = 0; ; index++) {
      const body = `line ${String(index).padStart(4, '0')}`
      if ((await postLog(first, body)) === 200) acknowledged.push(body)
    }
  })().catch(() => {})
  await eventually(() => acknowledged.length >= 20)
  const children = childrenOf(first.pid)
  expect(children.length).toBeGreaterThan(0)
  await first.kill()
  await load
  await eventually(() => !children.some(isRunning))

  const second = await startServer({ dataDir })
  const found = await messages(second)
  for (const body of acknowledged) expect(found.filter((message) => message === body)).toEqual([body])
  await second.stop()
  await rm(dataDir, { recursive: true })
})

it('starts a killed engine again; what is sent meanwhile waits and is stored once', async () => {
  const server = await startServer()
  expect(await postLog(server, 'a')).toBe(200)
  const [engine] = childrenOf(server.pid)
  process.kill(engine ?? 0, 'SIGKILL')
  expect(await postLog(server, 'b')).toBe(200)
  expect(await postLog(server, 'c')).toBe(200)
  expect(await messages(server)).toEqual(['a', 'b', 'c'])
  expect(childrenOf(server.pid)).not.toContain(engine)
  await server.stop()
})
