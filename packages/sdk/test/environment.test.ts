import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { attribute, type KeyValue, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { spawnApp } from './support/app.ts'

const server = 2
const client = 3
/** Of points of metrics; cumulative, the default, is 2. */
const delta = 1

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

/** Runs the app to its end, which must be a good one; answers what it printed. */
async function run(env: Record<string, string>, { page = '', complaints = /^$/ } = {}): Promise<string> {
  const app = spawnApp('environment.ts', {
    endpoint: receiver.url,
    // Everything is sent at the end.
    env: {
      OTEL_METRIC_EXPORT_INTERVAL: '60000',
      OTEL_BSP_SCHEDULE_DELAY: '60000',
      OTEL_BLRP_SCHEDULE_DELAY: '60000',
      ...env,
    },
    args: page === '' ? [] : [page],
  })
  expect(await app.ended).toBe(0)
  expect(app.stderr()).toMatch(complaints)
  return app.stdout()
}

const work = () => receiver.received.spans.filter(({ name }) => name === 'work')
const requestsTo = (path: string) => receiver.received.requests.filter((request) => request.path === path)
const values = ({ attributes }: { attributes: KeyValue[] }) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, String(value['stringValue'])]))

it('the resource: name, attributes, detectors', async () => {
  await run({
    OTEL_SERVICE_NAME: 'shop',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=lost,service.version=9,team=core%20team',
    OTEL_NODE_RESOURCE_DETECTORS: 'env,os',
  })
  const { resource } = work()[0]!
  const keys = ['service.name', 'service.version', 'team', 'os.type', 'host.name']
  expect(keys.map((key) => attribute(resource, key))).toEqual(['shop', '9', 'core team', 'linux', undefined])
})

it('where telemetry goes and how, for all signals and for one', async () => {
  await run({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.url}/of/traces`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=all,x-other=1%2C2',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-key=traces',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'none',
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
  })
  const said = ['/of/traces', '/v1/logs', '/v1/metrics'].map((path) => {
    const [request] = requestsTo(path)
    const { 'x-key': key, 'x-other': other, 'content-encoding': encoding } = request!.headers
    return [key, other, encoding, request!.contentType]
  })
  expect(said).toEqual([
    ['traces', '1,2', 'gzip', 'application/json'],
    ['all', '1,2', undefined, 'application/json'],
    ['all', '1,2', 'gzip', 'application/x-protobuf'],
  ])
})

it('metrics by the change since the last ones', async () => {
  await run({
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    OTEL_TRACES_SAMPLER: 'parentbased_always_on',
  })
  const runs = receiver.received.metrics.find(({ name }) => name === 'runs')
  expect(runs?.['sum']).toMatchObject({ aggregationTemporality: delta })
  expect(work()).toHaveLength(6)
})

describe('exporters', () => {
  it('Zipkin beside OTLP, console, and none', async () => {
    const printed = await run({
      OTEL_TRACES_EXPORTER: 'otlp,zipkin',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${receiver.url}/api/v2/spans`,
      OTEL_LOGS_EXPORTER: 'console',
      OTEL_METRICS_EXPORTER: 'none',
    })
    expect(work()).toHaveLength(6)
    expect(requestsTo('/api/v2/spans')).not.toEqual([])
    expect(printed.match(/body: 'speaks'/g)).toHaveLength(6)
    expect([requestsTo('/v1/logs'), requestsTo('/v1/metrics')]).toEqual([[], []])
  })

  it('Prometheus asks for metrics, and holds no process', async () => {
    const port = await freePort()
    const printed = await run(
      {
        OTEL_METRICS_EXPORTER: 'prometheus',
        OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
        OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      },
      { page: `http://127.0.0.1:${port}/metrics` },
    )
    expect(printed).toMatch(/^runs_total\{[^}]*\} 6\b/m)
    expect(requestsTo('/v1/metrics')).toEqual([])
  })
})

it.each([
  ['b3', ['b3']],
  ['b3multi', ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled']],
  ['none', []],
])('OTEL_PROPAGATORS=%s', async (propagators, expected) => {
  const printed = await run({ OTEL_PROPAGATORS: propagators })
  const headers = Object.keys(JSON.parse(printed) as object)
  expect(headers.filter((name) => /^(traceparent|b3|x-b3-.*)$/.test(name)).toSorted()).toEqual(expected.toSorted())
})

it.each([
  ['parentbased_always_off', '1'],
  ['traceidratio', '0'],
])('OTEL_TRACES_SAMPLER=%s (%s) keeps nothing', async (sampler, argument) => {
  await run({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument })
  expect(work()).toEqual([])
  expect(receiver.received.logs).toHaveLength(6)
})

it('batches of spans and logs are as large as is asked for', async () => {
  await run({ OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2', OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '3' })
  const { spans, logs } = receiver.received
  expect([requestsTo('/v1/traces').length, requestsTo('/v1/logs').length]).toEqual([
    Math.ceil(spans.length / 2),
    Math.ceil(logs.length / 3),
  ])
})

describe('limits', () => {
  const INCOMPLETE = { complaints: /^\[burstlet\] .*OpenTelemetry says: Dropping extra attributes/ }

  it('of all attributes, events and links', async () => {
    await run(
      {
        OTEL_ATTRIBUTE_COUNT_LIMIT: '2',
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '5',
        OTEL_SPAN_EVENT_COUNT_LIMIT: '2',
        OTEL_SPAN_LINK_COUNT_LIMIT: '1',
        OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '1',
        OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: '1',
      },
      INCOMPLETE,
    )
    const span = work()[0]!
    expect(values(span)).toEqual({ a: 'xxxxx', b: 'xxxxx' })
    expect(span.events?.map(({ attributes }) => attributes.length)).toEqual([1, 1])
    expect(span.links).toEqual([expect.objectContaining({ attributes: [expect.objectContaining({ key: 'a' })] })])
    expect(values(receiver.received.logs[0]!)).toEqual({ a: 'xxxxx', b: 'xxxxx' })
  })

  it('of spans and of logs, which win', async () => {
    await run(
      {
        OTEL_ATTRIBUTE_COUNT_LIMIT: '3',
        OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1',
        OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '4',
        OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '2',
        OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '3',
      },
      INCOMPLETE,
    )
    expect(values(work()[0]!)).toEqual({ a: 'xxxx' })
    expect(values(receiver.received.logs[0]!)).toEqual({ a: 'xxx', b: 'xxx' })
  })
})

it('OTEL_NODE_ENABLED_INSTRUMENTATIONS keeps only those', async () => {
  await run({ OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http' })
  const kinds = receiver.received.spans.map(({ kind }) => kind)
  expect([kinds.includes(server), kinds.includes(client)]).toEqual([true, false])
  expect(receiver.received.metrics.map(({ name }) => name)).not.toContain('system.cpu.time')
})

it('OTEL_NODE_EXPERIMENTAL_SDK_METRICS adds those of OpenTelemetry itself', async () => {
  await run({ OTEL_NODE_EXPERIMENTAL_SDK_METRICS: 'true' })
  expect(receiver.received.metrics.map(({ name }) => name)).toContain('otel.sdk.span.started')
})

it('OTEL_LOG_LEVEL shows what OpenTelemetry has to say of that level', async () => {
  expect(await run({ OTEL_LOG_LEVEL: 'debug' })).toMatch(/^@opentelemetry\/api: Registered a global for trace/m)
  expect(await run({ OTEL_LOG_LEVEL: 'error' })).not.toContain('@opentelemetry/api')
  await run({ OTEL_LOG_LEVEL: 'loud' }, { complaints: /^\[burstlet\] OTEL_LOG_LEVEL: there is no level loud\.\n$/ })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
