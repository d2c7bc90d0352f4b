import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'

// A backend whose certificate no public authority knows, and which lets in only who has a certificate of its own.
let folder: string
let backend: Server
let arrived: string[]
let endpoint: string
let env: Record<string, string>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'burstlet-tls-'))
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    clientCertificate: true,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  })
  const file = (name: string, content: string | undefined) => {
    writeFileSync(join(folder, name), content ?? '')
    return join(folder, name)
  }
  env = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: file('ca.pem', made.cert),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file('client.pem', made.clientcert),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: file('client-key.pem', made.clientprivate),
    OTEL_METRIC_EXPORT_INTERVAL: '60000',
  }
  const tls = { cert: made.cert, key: made.private, ca: made.cert, requestCert: true, rejectUnauthorized: true }
  backend = createServer(tls, (request, response) => {
    arrived.push(request.url ?? '')
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  }).listen(0, '127.0.0.1')
  await once(backend, 'listening')
  endpoint = `https://127.0.0.1:${(backend.address() as AddressInfo).port}`
})
beforeEach(() => {
  arrived = []
})
afterAll(() => {
  backend?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('the files that the environment names let a service in', async () => {
  const app = spawnApp('short.ts', { endpoint, env, args: ['return', '0'] })
  expect([await app.ended, app.stderr()]).toEqual([0, ''])
  expect(new Set(arrived)).toEqual(new Set(['/v1/traces', '/v1/logs', '/v1/metrics']))
})

it('also what process.exit leaves to be sent', async () => {
  const app = spawnApp('short.ts', { endpoint, env, args: ['exit', '0'] })
  expect([await app.ended, app.stderr()]).toEqual([0, ''])
  while (new Set(arrived).size < 3) await once(backend, 'request')
})

it('without them nothing is sent, and a line says why', async () => {
  const app = spawnApp('short.ts', { endpoint, args: ['return', '0'] })
  expect(await app.ended).toBe(0)
  expect(app.stderr()).toMatch(/^\[burstlet\] .*self-signed certificate/)
  expect(arrived).toEqual([])
})

it('a file that is not there is told', async () => {
  const lost = { ...env, OTEL_EXPORTER_OTLP_CERTIFICATE: join(folder, 'lost.pem') }
  const app = spawnApp('short.ts', { endpoint, env: lost, args: ['return', '0'] })
  expect(await app.ended).toBe(0)
  expect(app.stderr()).toMatch(/^\[burstlet\] .*Failed to read root certificate file/)
})
