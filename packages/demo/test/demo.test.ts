import { attribute, type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Demo, startDemo } from '../src/start.ts'

const producer = 4
const consumer = 5
const server = 2

let receiver: OtlpReceiver
let demo: Demo

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  demo = await startDemo({
    otlpEndpoint: receiver.url,
    rate: 20,
    env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_METRIC_EXPORT_INTERVAL: '1000' },
  })
})
afterAll(async () => {
  await demo?.stop()
  await receiver.close()
})

const serviceOf = (item: { resource: ReceivedSpan['resource'] }) => attribute(item.resource, 'service.name')

/** The traces whose items come from all three services. */
function acrossAll<T extends { traceId?: string; resource: ReceivedSpan['resource'] }>(items: T[]): T[][] {
  const traces = Map.groupBy(items, (item) => item.traceId ?? '')
  traces.delete('')
  return [...traces.values()].filter((trace) => new Set(trace.map(serviceOf)).size === 3)
}

describe('the demo', () => {
  it('makes traces across all three services, with logs in each', async () => {
    const finished = (trace: ReceivedSpan[]) =>
      trace.some((span) => span.name === 'PUT /videos/:id/renditions') &&
      trace.some((span) => span.name === 'POST /uploads') &&
      trace.some((span) => span.name === 'process transcode-jobs')
    const complete = () => acrossAll(receiver.received.spans).filter(finished)
    const logged = () => new Set(acrossAll(receiver.received.logs).map((logs) => logs[0]!.traceId))
    await receiver.until(() => complete().some((trace) => logged().has(trace[0]!.traceId)))

    const trace = complete().find((spans) => logged().has(spans[0]!.traceId))!
    const send = trace.find((span) => span.kind === producer)!
    const process = trace.find((span) => span.kind === consumer)!
    expect([serviceOf(send), serviceOf(process)]).toEqual(['video', 'transcoder'])
    expect(process.parentSpanId).toBe(send.spanId)
    for (const span of [send, process]) {
      expect(attribute(span, 'messaging.system')).toBe('sqlite')
      expect(attribute(span, 'messaging.destination.name')).toBe('transcode-jobs')
    }
    const root = trace.find((span) => (span.parentSpanId ?? '') === '')!
    expect([serviceOf(root), root.name]).toEqual(['gateway', 'POST /uploads'])
    const insert = trace.find((span) => span.name === 'INSERT videos')!
    expect(attribute(insert, 'db.system.name')).toBe('sqlite')
    expect(attribute(insert, 'db.query.text')).toMatch(/^INSERT INTO videos .* VALUES \(\?, \?, \?, \?\)$/)
  })

  it('says at the gateway for whom each request is made', async () => {
    const requests = () =>
      receiver.received.spans.filter((span) => serviceOf(span) === 'gateway' && span.kind === server)
    const valuesOf = (key: string) => requests().map((span) => attribute(span, key))
    await receiver.until(() => new Set(valuesOf('user.id')).size > 5)
    for (const user of valuesOf('user.id')) expect(user).toMatch(/^user-\d+$/)
    for (const session of valuesOf('session.id')) expect(session).toMatch(/^[0-9a-f-]{36}$/)
    expect(new Set(valuesOf('session.id')).size).toBeGreaterThan(5)
  })

  it('counts its business, and the host', async () => {
    const expected = ['upload.completed', 'upload.size', 'video.views', 'transcode.jobs', 'transcode.duration']
    const host = ['system.cpu.utilization', 'system.memory.usage', 'system.filesystem.usage', 'process.uptime']
    await receiver.until(({ metrics }) => {
      const names = new Set(metrics.map((metric) => metric.name))
      return [...expected, ...host].every((name) => names.has(name))
    })
    expect(new Set(receiver.received.metrics.map(serviceOf))).toEqual(new Set(['gateway', 'video', 'transcoder']))
  })

  it('has errors, slow requests, and log lines of all levels', async () => {
    const isSlow = (log: { body: { stringValue?: string } }) =>
      log.body.stringValue?.startsWith('cold storage') === true
    await receiver.until(
      ({ spans, logs }) =>
        spans.some((span) => span.name === 'GET /watch/:id' && span.status.code === 2) &&
        logs.some(isSlow) &&
        [5, 9, 13, 17].every((severity) => logs.some((log) => log.severityNumber === severity && log.traceId)),
      55,
    )
  })

  it('says who it is', () => {
    const { resource } = receiver.received.spans[0]!
    expect(attribute(resource, 'service.namespace')).toBe('burstlet')
    expect(attribute(resource, 'deployment.environment.name')).toBe('demo')
    expect(attribute(resource, 'host.name')).toBeTypeOf('string')
  })
})

it.each([{ rate: 0 }, { rate: 1000 }, { rate: Number.NaN }, { otlpEndpoint: 'nowhere' }])(
  'refuses %j',
  async (options) => {
    await expect(startDemo(options)).rejects.toThrow(/rate must be|is no URL/)
  },
)
