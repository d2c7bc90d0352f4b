import { setTimeout as sleep } from 'node:timers/promises'
import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spawnApp, startApp } from './support/app.ts'

// What the SDK does for itself is no work of the service, and what OpenTelemetry has to say is called by its name.
let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

it('requests that carry telemetry are neither spans nor measured', async () => {
  const app = await startApp('http-plain.ts', { endpoint: receiver.url, env: { OTEL_METRIC_EXPORT_INTERVAL: '300' } })
  try {
    await fetch(app.url)
    // Two collections later the exports of spans and of the first metrics would have been measured.
    await receiver.until(({ spans, metrics }) => {
      const collected = metrics.filter(({ name }) => name === 'http.server.request.duration')
      return spans.length > 0 && collected.length > 2
    })
    const { metrics, spans } = receiver.received
    const exported = metrics.filter(({ name }) => name.startsWith('http.client'))
    const port = new URL(receiver.url).port
    expect(exported.filter((metric) => JSON.stringify(metric).includes(`"${port}"`))).toEqual([])
    expect(exported).toEqual([])
    expect(spans.filter((span) => String(attribute(span, 'server.port')) === port)).toEqual([])
  } finally {
    await app.stop()
  }
})

it('a span that is written to when it is over is nobody’s trouble; other warnings are not called losses', async () => {
  const app = spawnApp('warnings.ts', { endpoint: receiver.url, env: { OTEL_METRIC_EXPORT_INTERVAL: '60000' } })
  expect(await app.ended).toBe(0)
  const lines = app.stderr().trim().split('\n')
  for (const line of lines) expect(line).toMatch(/^\[burstlet\] OpenTelemetry says/)
  expect(app.stderr()).not.toContain('ended Span')
})

it('a backend that refuses connections is said to be away, not slow', async () => {
  await receiver.close()
  const app = spawnApp('short.ts', { endpoint: receiver.url, args: ['return', '3'] })
  expect(await app.ended).toBe(3)
  await sleep(0)
  expect(app.stderr()).toContain('could not be reached')
  expect(app.stderr()).not.toContain('did not answer')
})
