import { fileURLToPath } from 'node:url'
import { attribute, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { startPostgres } from '@burstlet/testkit/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'

const folder = fileURLToPath(new URL('apps/clients/', import.meta.url))
const register = new URL('../src/register.ts', import.meta.url).href

let receiver: OtlpReceiver
let spans: ReceivedSpan[]
let errors: string

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  const postgres = await startPostgres()
  try {
    const app = spawnApp('app.ts', {
      endpoint: receiver.url,
      cwd: folder,
      nodeArguments: ['--import', register],
      // All metrics at the end: on a busy machine a collection can take longer than the short interval.
      env: { PG_URL: postgres.url, OTEL_METRIC_EXPORT_INTERVAL: '60000' },
    })
    expect(await app.ended).toBe(0)
    const traceId = app.stdout().trim()
    errors = app.stderr()
    spans = receiver.received.spans.filter((span) => span.traceId === traceId)
  } finally {
    await postgres.stop()
  }
}, 120_000)
afterAll(() => receiver.close())

const client = 3
const texts = () => spans.map((span) => attribute(span, 'db.query.text'))
const slow = () => spans.filter((span) => attribute(span, 'db.query.slow') === true)

it('statements of pg go without their literals', () => {
  expect(errors).toBe('')
  expect(texts()).toContain('SELECT * FROM customers WHERE email = ? AND id = ?')
  expect(JSON.stringify(spans)).not.toMatch(/ann@example|a secret|very secret/)
})

it('a slow statement is marked and counted', () => {
  expect(slow().map((span) => attribute(span, 'db.query.text'))).toEqual(['SELECT pg_sleep(?), ?'])
  const counted = receiver.received.metrics.find((metric) => metric.name === 'db.client.slow_operations')
  expect(counted?.['sum']).toMatchObject({ dataPoints: [{ asDouble: 1 }] })
})

it('ioredis, fetch and undici make client spans in the same trace, without what is secret in them', () => {
  const clients = spans.filter((span) => span.kind === client)
  const redis = clients.find((span) => attribute(span, 'db.system.name') === 'redis')
  expect(String(attribute(redis!, 'db.query.text'))).toMatch(/^set session:\* \?$/i)
  const urls = clients.map((span) => String(attribute(span, 'url.full') ?? '').replace(/^http:\/\/[^/]*/, ''))
  expect(urls).toEqual(expect.arrayContaining(['/by-fetch?access_token=[redacted]&page=2', '/by-undici']))
})
