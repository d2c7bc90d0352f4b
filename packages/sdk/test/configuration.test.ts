import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attribute, type OtlpReceiver, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { spawnApp } from './support/app.ts'

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

const withInit = (config: object, more: { env?: Record<string, string>; nodeArguments?: string[] } = {}) =>
  spawnApp('with-init.ts', {
    endpoint: receiver.url,
    nodeArguments: [],
    args: [JSON.stringify(config)],
    ...more,
    // The program sends everything at its end; on a busy machine a collection can take longer than the short interval.
    env: { OTEL_METRIC_EXPORT_INTERVAL: '60000', ...more.env },
  })

describe('init', () => {
  it('starts alone, with a name, and instruments what is loaded later', async () => {
    const app = withInit({ serviceName: 'named' })
    expect(await app.ended).toBe(0)
    const { spans } = receiver.received
    expect(spans.map((span) => span.name)).toEqual(expect.arrayContaining(['by hand', 'GET']))
    expect(attribute(spans[0]!.resource, 'service.name')).toBe('named')
    expect(app.stderr()).toBe('')
  })

  it('after register starts nothing twice, and says what it leaves', async () => {
    const app = withInit(
      { tracing: { samplingRate: 0 }, logging: { level: 'error' } },
      { nodeArguments: ['--import', '@burstlet/monitoring/register'] },
    )
    expect(await app.ended).toBe(0)
    const { spans, logs } = receiver.received
    expect(spans.filter((span) => span.name === 'by hand')).toHaveLength(1)
    expect(logs.map((log) => log.body.stringValue)).toEqual(['an error'])
    expect(app.stderr()).toMatch(/^\[burstlet\] already started by register; put tracing into .*\n$/)
  })

  it('tells a bad value in one line and starts all the same', async () => {
    const app = withInit({ tracing: { samplingRate: 7 }, nonsense: 1 })
    expect(await app.ended).toBe(0)
    expect(app.stderr()).toMatch(
      /^\[burstlet\] init: .*tracing\.samplingRate.*nonsense.*\n$|^\[burstlet\] init: .*nonsense.*tracing\.samplingRate.*\n$/,
    )
    expect(receiver.received.spans.some((span) => span.name === 'by hand')).toBe(true)
  })

  it('says once that settings of the server have no effect here', async () => {
    const app = withInit({ retentionDays: 3, alerts: { enabled: false } })
    expect(await app.ended).toBe(0)
    expect(app.stderr()).toBe(
      '[burstlet] init: retentionDays, alerts are settings of the server and have no effect here\n',
    )
  })

  it.each([
    ['enabled', { enabled: false }, 0, 0, 0],
    ['tracing.enabled', { tracing: { enabled: false } }, 0, 1, 1],
    ['tracing.samplingRate', { tracing: { samplingRate: 0 } }, 0, 1, 1],
    ['metrics', { metrics: { system: false, application: false, custom: false } }, 1, 1, 0],
    ['metrics.custom', { metrics: { custom: false } }, 1, 1, 0],
  ])('%s is obeyed', async (_name, config, spans, logs, metrics) => {
    const app = withInit(config)
    expect(await app.ended).toBe(0)
    const { received } = receiver
    expect(received.spans.filter((span) => span.name === 'by hand')).toHaveLength(spans)
    expect(received.logs.filter((log) => log.body.stringValue === 'an error')).toHaveLength(logs)
    expect(received.metrics.filter((metric) => metric.name === 'runs').length > 0).toBe(metrics > 0)
  })

  it('sends headers and protobuf to its endpoint, and hands nothing of it to child processes', async () => {
    const app = spawnApp('with-init.ts', {
      endpoint: '',
      nodeArguments: [],
      args: [JSON.stringify({ endpoint: receiver.url, headers: { 'x-ingest-key': 'a key, with comma' } })],
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: '', SHOW_ENVIRONMENT: '1' },
    })
    expect(await app.ended).toBe(0)
    const { requests } = receiver.received
    expect(new Set(requests.map((request) => request.path))).toEqual(new Set(['/v1/traces', '/v1/logs', '/v1/metrics']))
    for (const { contentType, headers, bytes } of requests) {
      expect(contentType).toBe('application/x-protobuf')
      expect(headers['x-ingest-key']).toBe('a key, with comma')
      expect(bytes).toBeGreaterThan(50)
    }
    expect(app.stdout()).not.toContain('x-ingest-key')
  })
})

describe('the environment', () => {
  it('wins over init', async () => {
    const app = withInit(
      { serviceName: 'from init', tracing: { samplingRate: 0 } },
      { env: { OTEL_SERVICE_NAME: 'from environment', OTEL_TRACES_SAMPLER: 'always_on' } },
    )
    expect(await app.ended).toBe(0)
    expect(attribute(receiver.received.spans[0]!.resource, 'service.name')).toBe('from environment')
  })

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'none' }, 0],
    [{ OTEL_TRACES_EXPORTER: 'console' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' }, 1],
  ])('%j means what it means everywhere', async (env, spans) => {
    const app = withInit({}, { env: env as Record<string, string> })
    expect([await app.ended, app.stderr()]).toEqual([0, ''])
    expect(receiver.received.spans.filter((span) => span.name === 'by hand')).toHaveLength(spans)
    expect(receiver.received.logs.length).toBeGreaterThan(0)
    if ('OTEL_TRACES_EXPORTER' in env)
      expect(app.stdout().includes('by hand')).toBe(env.OTEL_TRACES_EXPORTER === 'console')
  })

  it('each wrong value is one clear line, and the default holds', async () => {
    const env = {
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_BSP_MAX_QUEUE_SIZE: '-1',
      OTEL_PROPAGATORS: 'pigeon,tracecontext',
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'abacus',
    }
    const app = withInit({}, { env })
    expect(await app.ended).toBe(0)
    const lines = app.stderr().trim().split('\n')
    expect(lines).toHaveLength(4)
    for (const value of ['sometimes', '-1', 'pigeon', 'abacus']) {
      expect(lines.filter((line) => line.startsWith('[burstlet] OTEL_') && line.includes(value))).toHaveLength(1)
    }
    expect(receiver.received.spans.some((span) => span.name === 'by hand')).toBe(true)
  })

  it('switches the SDK off', async () => {
    const app = spawnApp('short.ts', { endpoint: receiver.url, env: { OTEL_SDK_DISABLED: 'true' } })
    expect(await app.ended).toBe(0)
    expect(receiver.received.requests).toEqual([])
  })

  it('switches single instrumentations off', async () => {
    const app = withInit({}, { env: { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'http,undici,host-metrics' } })
    expect(await app.ended).toBe(0)
    const { spans, metrics } = receiver.received
    expect(spans.map((span) => span.name)).toEqual(['by hand'])
    expect(metrics.map((metric) => metric.name)).not.toContain('system.cpu.time')
    expect(metrics.map((metric) => metric.name)).toContain('process.uptime')
  })
})

describe('register', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'burstlet-sdk-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('reads monitoring.config.json of the working directory', async () => {
    await writeFile(join(folder, 'monitoring.config.json'), '{"serviceName":"from file","tracing":{"samplingRate":0}}')
    const register = new URL('../src/register.ts', import.meta.url).href
    const file = new URL('apps/short.ts', import.meta.url).pathname
    const app = spawnApp(file, { endpoint: receiver.url, cwd: folder, nodeArguments: ['--import', register] })
    expect(await app.ended).toBe(0)
    expect(receiver.received.spans).toEqual([])
    expect(attribute(receiver.received.logs[0]!.resource, 'service.name')).toBe('from file')
  })

  it('takes name and version of the nearest package.json', async () => {
    const app = spawnApp('short.ts', { endpoint: receiver.url })
    expect(await app.ended).toBe(0)
    const { resource } = receiver.received.spans[0]!
    expect(attribute(resource, 'service.name')).toBe('@burstlet/monitoring')
    expect(attribute(resource, 'service.version')).toBe(packageJson.version)
  })

  it('goes on with a broken configuration file', async () => {
    await writeFile(join(folder, 'monitoring.config.json'), '{"serviceName":')
    const register = new URL('../src/register.ts', import.meta.url).href
    const file = new URL('apps/short.ts', import.meta.url).pathname
    const app = spawnApp(file, { endpoint: receiver.url, cwd: folder, nodeArguments: ['--import', register] })
    expect(await app.ended).toBe(0)
    expect(app.stderr()).toMatch(/^\[burstlet\] monitoring\.config\.json was not used: .*\n$/)
    expect(receiver.received.spans).toHaveLength(1)
  })
})
