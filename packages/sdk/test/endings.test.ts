import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attribute, type OtlpReceiver, type Received, startOtlpReceiver } from '@burstlet/testkit/otlp-receiver'
import { startSilentBackend } from '@burstlet/testkit/silent-backend'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { spawnApp, startApp } from './support/app.ts'

// Queues are not sent by time here, only by the flush at the end.
const neverByTime = {
  OTEL_BSP_SCHEDULE_DELAY: '60000',
  OTEL_BLRP_SCHEDULE_DELAY: '60000',
  OTEL_METRIC_EXPORT_INTERVAL: '60000',
}

// On a busy machine a collection can take longer than the short interval of the other tests, which is told.
const seldom = { OTEL_METRIC_EXPORT_INTERVAL: '60000' }

let receiver: OtlpReceiver
beforeEach(async () => {
  receiver = await startOtlpReceiver()
})
afterEach(() => receiver.close())

const everything = ({ spans, logs, metrics }: Received) =>
  spans.some((span) => span.name === 'short work') &&
  logs.some((log) => log.body.stringValue === 'short speaks' && log.traceId !== '') &&
  logs.some((log) => attribute(log, 'exception.type') === 'TypeError') &&
  metrics.some((metric) => metric.name === 'short.runs')

describe('a program that ends', () => {
  it.each(['0', '3'])('by return sends what is waiting and exits with %s', async (code) => {
    const app = spawnApp('short.ts', { endpoint: receiver.url, env: neverByTime, args: ['return', code] })
    expect(await app.ended).toBe(Number(code))
    expect(everything(receiver.received)).toBe(true)
    expect(app.stderr()).toBe('')
  })

  it.each([
    ['throw', 'nobody catches this', 'uncaughtException'],
    ['reject', 'nobody catches this rejection', 'unhandledRejection'],
  ])('by %s is reported, printed by Node, and exits with 1', async (how, message, origin) => {
    const app = spawnApp('short.ts', { endpoint: receiver.url, env: neverByTime, args: [how] })
    expect(await app.ended).toBe(1)
    expect(app.stderr()).toContain(`RangeError: ${message}`)
    expect(app.stderr()).toContain('short.ts:')
    expect(everything(receiver.received)).toBe(true)
    const crash = receiver.received.logs.find((log) => log.body.stringValue === message)!
    expect(crash.severityText).toBe('FATAL')
    expect(attribute(crash, 'error.origin')).toBe(origin)
    expect(attribute(crash, 'exception.stacktrace')).toContain('short.ts')
  })

  it.each(['away', 'silent'])(
    'by awaiting shutdown at the top of a module exits with 0, the backend being %s',
    async (how) => {
      const backend = how === 'silent' ? await startSilentBackend() : undefined
      try {
        const app = spawnApp('with-init.ts', { endpoint: backend?.url ?? 'http://127.0.0.1:9', env: seldom })
        expect(await app.ended).toBe(0)
        expect(app.stderr()).toContain('[burstlet] monitoring was shut down before all telemetry was sent')
        expect(app.stderr()).not.toContain('top-level await')
      } finally {
        await backend?.close()
      }
    },
  )

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s sends what is waiting and still dies of it', async (signal) => {
    const app = await startApp('short.ts', { endpoint: receiver.url, env: neverByTime, args: ['wait'] })
    app.process.kill(signal)
    expect(await app.ended).toBe(signal)
    expect(everything(receiver.received)).toBe(true)
  })

  it.each([
    ['exit', '0'],
    ['exit', '5'],
    ['exit-later', '5'],
  ])('by process.exit (%s %s) hands spans, logs and metrics over to be sent', async (how, code) => {
    const app = spawnApp('short.ts', { endpoint: receiver.url, env: neverByTime, args: [how, code] })
    expect(await app.ended).toBe(Number(code))
    expect(app.stderr()).toBe('')
    const { spans, logs, metrics } = await receiver.until(
      ({ spans, logs, metrics }) => spans.length > 0 && logs.length >= 2 && metrics.length > 0,
    )
    expect(spans.map(({ name }) => name)).toEqual(['short work'])
    expect(logs.map((log) => log.body.stringValue)).toEqual(['short speaks', 'handled'])
    expect(metrics.find(({ name }) => name === 'short.runs')?.['sum']).toMatchObject({ dataPoints: [{ asDouble: 1 }] })
  })

  it('by process.exit with a disk that is full keeps its exit code; what is lost is told', async () => {
    const disk = fullDisk()
    try {
      const env = { ...neverByTime, TMPDIR: disk.folder }
      const app = spawnApp('short.ts', { endpoint: receiver.url, env, args: ['exit', '5'] })
      expect(await app.ended).toBe(5)
      expect(app.stderr()).toMatch(
        /^\[burstlet\] lost at the end \(1 metric points, 1 spans, 2 logs\): EN[A-Z]+: [^\n]+\n$/,
      )
    } finally {
      disk.remove()
    }
  })

  it('by its own SIGTERM listener keeps its exit code', async () => {
    const app = await startApp('short.ts', { endpoint: receiver.url, env: neverByTime, args: ['own-handler'] })
    app.process.kill('SIGTERM')
    expect(await app.ended).toBe(7)
    expect(everything(receiver.received)).toBe(true)
  })
})

it('a worker thread sends what is its own, and leaves the host to the main thread', async () => {
  const app = spawnApp('worker.ts', { endpoint: receiver.url, env: neverByTime })
  expect(await app.ended).toBe(0)
  const { spans, metrics } = receiver.received
  expect(spans.map((span) => span.name).toSorted()).toEqual(['in main', 'in worker'])
  const instances = (name: string) =>
    metrics.filter((metric) => metric.name === name).map((metric) => attribute(metric.resource, 'service.instance.id'))
  const [main] = spans.filter((span) => span.name === 'in main')
  expect(instances('system.cpu.time')).toEqual([attribute(main!.resource, 'service.instance.id')])
  expect(new Set(instances('nodejs.eventloop.utilization')).size).toBe(2)
})

describe('a backend that', () => {
  // Node's own limit for a test is the proof here: a held process would not end at all.
  it('is away: programs end as they would', async () => {
    await receiver.close()
    const ways = [
      ['return', 3],
      ['throw', 1],
    ] as const
    for (const [how, code] of ways) {
      const app = spawnApp('short.ts', { endpoint: receiver.url, args: [how, String(code)] })
      expect(await app.ended).toBe(code)
    }
    const served = await startApp('short.ts', { endpoint: receiver.url, args: ['own-handler'] })
    // Long enough for exports to fail and be waiting for their next try.
    await new Promise((resolve) => setTimeout(resolve, 2500))
    served.process.kill('SIGTERM')
    expect(await served.ended).toBe(7)
  })

  it('is away: a served request is not touched, and the failures are one line', async () => {
    await receiver.close()
    const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '200' }
    const app = await startApp('http-plain.ts', { endpoint: receiver.url, env })
    try {
      for (let i = 0; i < 10; i++) {
        expect((await fetch(app.url)).status).toBe(200)
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      const lines = app.stderr().trim().split('\n')
      expect(lines).toHaveLength(1)
      expect(lines[0]).toMatch(/^\[burstlet\] telemetry was not sent or not complete: .*ECONNREFUSED/)
    } finally {
      await app.stop()
    }
  })

  it('accepts and never answers: a program still ends', async () => {
    const silent = await startSilentBackend()
    try {
      const app = spawnApp('short.ts', { endpoint: silent.url, args: ['return', '3'] })
      expect(await app.ended).toBe(3)
      expect(app.stderr()).toContain('did not answer in time')
    } finally {
      await silent.close()
    }
  })

  it.each([400, 413, 429, 503])('answers %d: the program does not notice, and the loss is counted', async (status) => {
    const refusing = await startOtlpReceiver({ status })
    try {
      const app = spawnApp('short.ts', { endpoint: refusing.url, env: neverByTime, args: ['return', '3'] })
      expect(await app.ended).toBe(3)
      const counted = [...app.stderr().matchAll(/(\d+) (spans|logs)/g)].map(([, count, signal]) => [signal, count])
      expect(Object.fromEntries(counted)).toEqual({ spans: '1', logs: '2' })
      for (const line of app.stderr().trim().split('\n')) expect(line).toMatch(/^\[burstlet\] /)
    } finally {
      await refusing.close()
    }
  })

  it.each([429, 503])('answers %d for a moment: all is delivered by trying again', async (status) => {
    const busy = await startOtlpReceiver({ status: (request) => (request < 3 ? status : 200) })
    try {
      const app = await startApp('short.ts', { endpoint: busy.url, env: seldom, args: ['wait'] })
      const { spans, logs } = await busy.until(({ spans, logs }) => spans.length > 0 && logs.length >= 2)
      app.process.kill('SIGTERM')
      expect(await app.ended).toBe('SIGTERM')
      expect([spans.length, logs.length, app.stderr()]).toEqual([1, 2, ''])
    } finally {
      await busy.close()
    }
  })

  it('is slow: all is delivered within the time that a program waits for it', async () => {
    const slow = await startOtlpReceiver({ delayMs: 700 })
    try {
      const app = spawnApp('short.ts', { endpoint: slow.url, env: neverByTime, args: ['return', '3'] })
      expect(await app.ended).toBe(3)
      expect(everything(slow.received)).toBe(true)
    } finally {
      await slow.close()
    }
  })
})

it('what a service lost is a metric, once the backend takes it', async () => {
  const refusing = await startOtlpReceiver({ status: (request) => (request < 4 ? 400 : 200) })
  try {
    const app = await startApp('short.ts', { endpoint: refusing.url, args: ['wait'] })
    const { metrics } = await refusing.until(({ metrics }) =>
      metrics.some(({ name }) => name === 'monitoring.telemetry.lost'),
    )
    const { dataPoints } = metrics.find(({ name }) => name === 'monitoring.telemetry.lost')!['sum'] as {
      dataPoints: { asDouble: number; attributes: [] }[]
    }
    const spans = dataPoints.find((point) => attribute(point, 'signal') === 'spans')!
    expect([spans.asDouble, attribute(spans, 'reason')]).toEqual([1, 'not_sent'])
    await app.stop()
  } finally {
    await refusing.close()
  }
})

it('ten thousand spans a second: all arrive, and the program ends', async () => {
  const app = spawnApp('flood.ts', { endpoint: receiver.url, env: seldom })
  expect([await app.ended, app.stderr()]).toEqual([0, ''])
  expect(receiver.received.spans.filter((span) => span.name === 'flood')).toHaveLength(30_000)
})

it('more spans at once than can wait: what fits arrives, the rest is counted', async () => {
  const app = spawnApp('flood.ts', { endpoint: receiver.url, env: seldom, args: ['at-once'] })
  expect(await app.ended).toBe(0)
  const lost = [...app.stderr().matchAll(/(\d+) spans(?!\w| because)/g)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  )
  const arrived = receiver.received.spans.filter((span) => span.name === 'flood').length
  expect(lost).toBeGreaterThan(1000)
  expect(arrived + lost).toBe(10_000)
})

/** A folder on a file system that holds nothing more, where this machine lets one be made; else one that takes no files. */
function fullDisk(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'burstlet-full-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4k,nr_inodes=3', 'tmpfs', folder]).status === 0
  if (!mounted) return { folder: '/proc', remove: () => rmSync(folder, { recursive: true }) }
  writeFileSync(join(folder, 'full'), Buffer.alloc(4096))
  const remove = () => {
    spawnSync('umount', [folder])
    rmSync(folder, { recursive: true })
  }
  return { folder, remove }
}
