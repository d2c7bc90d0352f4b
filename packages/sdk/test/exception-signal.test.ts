import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

/** Runs the application to its end; what it sent as `type` of exceptions, by the name of their span. */
async function run(optIn: string | undefined) {
  const env: Record<string, string> = optIn === undefined ? {} : { OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN: optIn }
  const app = spawnApp('exceptions.ts', { endpoint: receiver.url, env })
  expect(await app.ended).toBe(0)
  const { spans, logs } = receiver.received
  const nameOf = new Map(spans.map(({ spanId, name }) => [spanId, name]))
  const events = spans.flatMap(({ name, events }) =>
    (events ?? [])
      .filter((event) => event.name === 'exception')
      .map((event) => `${name}: ${attribute(event, 'exception.type')}`),
  )
  const records = logs
    .filter((log) => attribute(log, 'exception.type') !== undefined)
    .map((log) => {
      expect(attribute(log, 'exception.stacktrace')).toMatch(/exceptions\.ts/)
      return `${nameOf.get(log.spanId ?? '')}: ${attribute(log, 'exception.type')}`
    })
  return { events: events.sort(), records: records.sort(), stderr: app.stderr() }
}

const both = ['handled: RangeError', 'thrown: TypeError']

it('exceptions are events of their spans, and what captureError reports is a log record too', async () => {
  expect(await run(undefined)).toEqual({ events: both, records: ['handled: RangeError'], stderr: '' })
})

it('with logs they are log records of their spans', async () => {
  expect(await run('logs')).toEqual({ events: [], records: both, stderr: '' })
})

it('with logs/dup they are both, each once', async () => {
  expect(await run('logs/dup')).toEqual({ events: both, records: both, stderr: '' })
})

it('another value is said, and means events', async () => {
  const { events, records, stderr } = await run('both')
  expect({ events, records }).toEqual({ events: both, records: ['handled: RangeError'] })
  expect(stderr).toMatch(/OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN is "both"/)
})
