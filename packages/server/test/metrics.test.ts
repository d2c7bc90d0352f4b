import {
  type MetricAnswer,
  type MetricNamesAnswer,
  metricAnswer,
  metricNamesAnswer,
  type SystemAnswer,
  systemAnswer,
} from '@burstlet/contract/metrics'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Random } from './rows/random.ts'
import { nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { createTestApi, get, problemOf } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

const minute = 60_000
const now = Math.floor(Date.now() / minute) * minute
const range = { from: now - 5 * minute, to: now, interval: 60 }
let engine: TestEngine
let app: FastifyInstance

let fingerprints = 0
/** Announces a series and gives its fingerprint. */
async function series(name: string, kind: Record<string, unknown>): Promise<string> {
  fingerprints += 1
  const fingerprint = String(fingerprints)
  const row = { temporality: 0, monotonic: false, unit: '1', service: 'video', res_hash: '7', scope_hash: '1' }
  await engine.insert('metric_series', [
    { space: 'default', received: receivedNow(), name, fingerprint, ...row, ...kind },
  ])
  return fingerprint
}

const point = (name: string, fingerprint: string, at: number, start: number) => ({
  space: 'default',
  received: receivedNow(),
  name,
  fingerprint,
  time: time64(nsOfMs(at)),
  start: time64(nsOfMs(start)),
})
const sample = (name: string, fingerprint: string, at: number, value: number, start = 0) => ({
  ...point(name, fingerprint, at, start),
  value_type: 1,
  value_double: value,
})

/** Values of the only series, by minutes before now. */
async function values(query: Record<string, unknown>): Promise<Record<number, number | null>> {
  const answer: MetricAnswer = metricAnswer.parse(await get(app, '/metrics', { ...range, ...query }))
  expect(answer.series.length).toBeLessThanOrEqual(1)
  return Object.fromEntries((answer.series[0]?.points ?? []).map(([at, value]) => [(now - at) / minute, value]))
}

beforeAll(async () => {
  engine = await startTestEngine()
  app = await createTestApi(engine.reader)
  await engine.insert('resources', [
    {
      space: 'default',
      received: receivedNow(),
      hash: '7',
      service: 'video',
      attr_s: { 'service.name': 'video', 'host.name': 'h1' },
    },
    { space: 'default', received: receivedNow(), hash: '8', service: 'web', attr_s: { 'host.name': 'h2' } },
  ])
})
afterAll(async () => {
  await app?.close()
  await engine?.stop()
})

describe('gauges', () => {
  test('are aggregated over all their points', async () => {
    const a = await series('queue', { type: 1, attr_s: { queue: 'a' } })
    const b = await series('queue', {
      type: 1,
      attr_s: { queue: 'b' },
      attr_i: { shard: '3' },
      service: 'web',
      res_hash: '8',
    })
    await engine.insert('metric_samples', [
      sample('queue', a, now - 2 * minute, 1),
      sample('queue', a, now - 2 * minute + 10_000, 3),
      sample('queue', b, now - 2 * minute + 5000, 8),
      sample('queue', a, now - minute, 10),
      // A gap: no value was recorded.
      { ...point('queue', a, now - minute + 1000, 0), value_type: 0, flags: 1 },
      // Before the range.
      sample('queue', a, now - 30 * minute, 1000),
    ])
    const ask = (aggregation: string) => values({ name: 'queue', aggregation })
    expect(await ask('avg')).toEqual({ 2: 4, 1: 10 })
    expect(await ask('min')).toEqual({ 2: 1, 1: 10 })
    expect(await ask('max')).toEqual({ 2: 8, 1: 10 })
    expect(await ask('count')).toEqual({ 2: 3, 1: 1 })
    expect(await ask('last')).toEqual({ 2: 3, 1: 10 })
    expect(await ask('sum')).toEqual({ 2: 11, 1: 10 })
    expect(await ask('p50')).toEqual({ 2: 3, 1: 10 })
    expect(await ask('p100')).toEqual({ 2: 8, 1: 10 })
    expect(await values({ name: 'queue' })).toEqual({ 2: 4, 1: 10 })
    expect(await values({ name: 'queue', tags: 'queue:b' })).toEqual({ 2: 8 })
    expect(await values({ name: 'queue', tags: ['queue:b', 'shard:3', 'service.name:web'] })).toEqual({ 2: 8 })
    expect(await values({ name: 'queue', tags: 'shard:4' })).toEqual({})
    expect(await values({ name: 'queue', service: 'video' })).toEqual({ 2: 2, 1: 10 })
    expect(await values({ name: 'queue', filter: "resource.host.name = 'h2'" })).toEqual({ 2: 8 })
    expect(await values({ name: 'queue', filter: 'shard >= 3' })).toEqual({ 2: 8 })
  })

  test('are grouped by attributes of the series and of its resource, largest first', async () => {
    const answer: MetricAnswer = await get(app, '/metrics', {
      ...range,
      name: 'queue',
      aggregation: 'max',
      groupBy: 'queue,host.name,service.name,none',
    })
    expect(answer).toMatchObject({ name: 'queue', type: 'gauge', unit: '1', aggregation: 'max', truncated: false })
    expect(answer.series).toEqual([
      {
        tags: { queue: 'a', 'host.name': 'h1', 'service.name': 'video', none: '' },
        points: [
          [now - 2 * minute, 3],
          [now - minute, 10],
        ],
      },
      {
        tags: { queue: 'b', 'host.name': 'h2', 'service.name': 'web', none: '' },
        points: [[now - 2 * minute, 8]],
      },
    ])
    const one: MetricAnswer = await get(app, '/metrics', { ...range, name: 'queue', groupBy: 'queue', limit: 1 })
    expect(one.series).toHaveLength(1)
    expect(one.truncated).toBe(true)
  })
})

describe('counters', () => {
  test('cumulative ones are differentiated per series, across resets, then added', async () => {
    const a = await series('hits', { type: 2, temporality: 2, monotonic: true, attr_s: { route: '/a' } })
    const b = await series('hits', { type: 2, temporality: 2, monotonic: true, attr_s: { route: '/b' } })
    const c = await series('hits', { type: 2, temporality: 2, monotonic: true, attr_s: { route: '/c' } })
    const hour = now - 60 * minute
    await engine.insert('metric_samples', [
      // Counted for an hour: what was before the range is not increase.
      sample('hits', a, now - 6 * minute, 90, hour),
      sample('hits', a, now - 4 * minute, 100, hour),
      sample('hits', a, now - 3 * minute, 160, hour),
      // Restarted: the value went back.
      sample('hits', a, now - 2 * minute, 20, now - 2.5 * minute),
      // Restarted, though the value did not go back.
      sample('hits', a, now - minute, 30, now - 1.5 * minute),
      // Began within the range: all of it is increase.
      sample('hits', b, now - 3 * minute, 5, now - 3.5 * minute),
      // Of unknown age: its start is its own time.
      sample('hits', c, now - 3 * minute, 700, now - 3 * minute),
      sample('hits', c, now - 2 * minute, 707, now - 3 * minute),
    ])
    expect(await values({ name: 'hits', aggregation: 'increase' })).toEqual({ 4: 10, 3: 65, 2: 27, 1: 30 })
    expect(await values({ name: 'hits', aggregation: 'sum' })).toEqual({ 4: 10, 3: 65, 2: 27, 1: 30 })
    expect(await values({ name: 'hits' })).toEqual({ 4: 10 / 60, 3: 65 / 60, 2: 27 / 60, 1: 0.5 })
    expect(await values({ name: 'hits', aggregation: 'increase', tags: 'route:/a' })).toEqual({
      4: 10,
      3: 60,
      2: 20,
      1: 30,
    })
  })

  test('delta ones are added as they are', async () => {
    const a = await series('uploads', { type: 2, temporality: 1, monotonic: true })
    await engine.insert('metric_samples', [
      sample('uploads', a, now - 3 * minute, 4),
      sample('uploads', a, now - 3 * minute + 1000, 2),
      sample('uploads', a, now - minute, 1),
    ])
    expect(await values({ name: 'uploads', aggregation: 'increase' })).toEqual({ 3: 6, 1: 1 })
    expect(await values({ name: 'uploads', aggregation: 'rate' })).toEqual({ 3: 0.1, 1: 1 / 60 })
    expect(await values({ name: 'uploads', aggregation: 'sum' })).toEqual({ 3: 6, 1: 1 })
  })

  test('integers are exact, up-and-down sums keep their level', async () => {
    const a = await series('active', { type: 2, temporality: 2, monotonic: false, attr_s: { pool: 'a' } })
    const b = await series('active', { type: 2, temporality: 2, monotonic: false, attr_s: { pool: 'b' } })
    const int = (fingerprint: string, at: number, value: number) => ({
      ...point('active', fingerprint, at, now - 60 * minute),
      value_type: 2,
      value_int: String(value),
    })
    await engine.insert('metric_samples', [
      int(a, now - 2 * minute, 7),
      int(b, now - 2 * minute, 5),
      int(a, now - minute, 3),
    ])
    expect(await values({ name: 'active' })).toEqual({ 2: 12, 1: 3 })
    expect(await values({ name: 'active', aggregation: 'increase' })).toEqual({ 2: 0, 1: -4 })
  })

  test('random counters with resets add up to what was counted', async () => {
    const random = new Random(3)
    const expected: Record<number, number> = {}
    const rows: object[] = []
    for (let each = 0; each < 20; each++) {
      const fingerprint = await series('random', {
        type: 2,
        temporality: 2,
        monotonic: true,
        attr_i: { each: String(each) },
      })
      let value = 0
      let start = now - 5 * minute - 1
      for (let at = now - 5 * minute; at < now; at += 10_000) {
        const restarts = random.chance(0.1)
        if (restarts) {
          value = 0
          start = at - 1
        }
        const gained = random.whole(100)
        value += gained
        const bucket = Math.ceil((now - at) / minute)
        expected[bucket] = (expected[bucket] ?? 0) + gained
        rows.push(sample('random', fingerprint, at, value, start))
      }
    }
    await engine.insert('metric_samples', rows)
    expect(await values({ name: 'random', aggregation: 'increase' })).toEqual(expected)
  })
})

describe('histograms', () => {
  const histogram = (
    name: string,
    fingerprint: string,
    at: number,
    start: number,
    buckets: number[],
    sum: number,
    extremes?: [number, number],
  ) => ({
    ...point(name, fingerprint, at, start),
    count: String(buckets.reduce((total, count) => total + count, 0)),
    has: extremes ? 7 : 1,
    sum,
    min: extremes?.[0] ?? 0,
    max: extremes?.[1] ?? 0,
    buckets: buckets.map(String),
  })

  test('explicit ones, delta: percentiles within buckets and extremes', async () => {
    const a = await series('latency', { type: 3, temporality: 1, unit: 'ms', bounds: [10, 20, 30] })
    await engine.insert('metric_histograms', [
      histogram('latency', a, now - 2 * minute, now - 3 * minute, [0, 10, 0, 0], 150, [11, 19]),
      histogram('latency', a, now - minute, now - 2 * minute, [10, 0, 0, 10], 1200, [2, 110]),
    ])
    const ask = (aggregation: string) => values({ name: 'latency', aggregation })
    expect(await ask('p50')).toEqual({ 2: 15, 1: 10 })
    expect(await ask('p100')).toEqual({ 2: 19, 1: 110 })
    expect(await ask('p75')).toEqual({ 2: 17.5, 1: 70 })
    expect(await ask('avg')).toEqual({ 2: 15, 1: 60 })
    expect(await ask('sum')).toEqual({ 2: 150, 1: 1200 })
    expect(await ask('count')).toEqual({ 2: 10, 1: 20 })
    expect(await ask('rate')).toEqual({ 2: 10 / 60, 1: 20 / 60 })
    expect(await ask('min')).toEqual({ 2: 11, 1: 2 })
    expect(await ask('max')).toEqual({ 2: 19, 1: 110 })
    expect((await values({ name: 'latency' }))[2]).toBeCloseTo(19, 10)
  })

  test('explicit ones, cumulative, with other bounds in the same group', async () => {
    const a = await series('sizes', { type: 3, temporality: 2, bounds: [10, 20] })
    const b = await series('sizes', { type: 3, temporality: 2, bounds: [15] })
    const hour = now - 60 * minute
    await engine.insert('metric_histograms', [
      histogram('sizes', a, now - 3 * minute, hour, [100, 100, 0], 1),
      histogram('sizes', a, now - 2 * minute, hour, [100, 104, 0], 61),
      histogram('sizes', a, now - minute, now - 1.5 * minute, [2, 0, 0], 10),
      histogram('sizes', b, now - 2 * minute, now - 2.5 * minute, [4, 0], 20),
    ])
    expect(await values({ name: 'sizes', aggregation: 'count' })).toEqual({ 3: 0, 2: 8, 1: 2 })
    expect(await values({ name: 'sizes', aggregation: 'sum' })).toEqual({ 3: 0, 2: 80, 1: 10 })
    // Four values spread over 0–15 and four over 10–20: six of the eight lie below 15, one more each 2.5 after that.
    expect((await values({ name: 'sizes', aggregation: 'p75' }))[2]).toBeCloseTo(15, 9)
    expect(await values({ name: 'sizes', aggregation: 'p50' })).toMatchObject({ 3: null, 1: 5 })
  })

  test('exponential ones, cumulative, across a change of scale', async () => {
    const a = await series('exponential', { type: 4, temporality: 2 })
    const row = (at: number, scale: number, offset: number, positive: number[], zeros: number, sum: number) => ({
      ...point('exponential', a, at, now - 4 * minute),
      count: String(positive.reduce((total, count) => total + count, zeros)),
      has: 1,
      sum,
      scale,
      zero_count: String(zeros),
      positive_offset: offset,
      positive: positive.map(String),
    })
    await engine.insert('metric_exponential_histograms', [
      // base 2: five in (1, 2], five in (2, 4]
      row(now - 3 * minute, 0, 0, [5, 5], 0, 20),
      // base 4: (1, 4] as before, four more in (4, 16], two zeros
      row(now - 2 * minute, -1, 0, [10, 4], 2, 60),
    ])
    expect(await values({ name: 'exponential', aggregation: 'count' })).toEqual({ 3: 10, 2: 6 })
    expect(await values({ name: 'exponential', aggregation: 'sum' })).toEqual({ 3: 20, 2: 40 })
    const p50 = await values({ name: 'exponential', aggregation: 'p50' })
    expect(p50[3]).toBeCloseTo(2.5, 9)
    expect(p50[2]).toBeCloseTo(7, 9)
    expect((await values({ name: 'exponential', aggregation: 'p10' }))[2]).toBeCloseTo(0, 9)
  })

  test('summaries answer by their own quantiles', async () => {
    const a = await series('gc', { type: 5 })
    const row = (at: number, count: number, sum: number) => ({
      ...point('gc', a, at, now - 60 * minute),
      count: String(count),
      sum,
      quantiles: [0.5, 0.9, 0.99],
      quantile_values: [5, 9, 18],
    })
    await engine.insert('metric_summaries', [row(now - 3 * minute, 100, 500), row(now - 2 * minute, 110, 580)])
    expect(await values({ name: 'gc', aggregation: 'count' })).toEqual({ 3: 0, 2: 10 })
    expect(await values({ name: 'gc', aggregation: 'avg' })).toEqual({ 3: null, 2: 8 })
    expect(await values({ name: 'gc', aggregation: 'p50' })).toEqual({ 3: 5, 2: 5 })
    expect((await values({ name: 'gc', aggregation: 'p70' }))[2]).toBeCloseTo(7, 9)
    expect(await values({ name: 'gc', aggregation: 'max' })).toEqual({ 3: 18, 2: 18 })
  })
})

describe('category=system', () => {
  test('puts a host together from its metrics, as the SDK and the Collector name them', async () => {
    const at = now - 2 * minute
    const rows: object[] = []
    const add = async (name: string, kind: object, value: number) => {
      rows.push(sample(name, await series(name, { type: 1, ...kind }), at, value))
    }
    for (const [core, idle] of [0.5, 0.7].entries()) {
      const attr_i = { 'cpu.logical_number': String(core) }
      await add('system.cpu.utilization', { attr_s: { 'cpu.mode': 'idle' }, attr_i }, idle)
      await add('system.cpu.utilization', { attr_s: { 'cpu.mode': 'user' }, attr_i }, 1 - idle)
    }
    for (const [span, load] of Object.entries({ '1m': 1.5, '5m': 1, '15m': 0.5 })) {
      await add(`system.cpu.load_average.${span}`, {}, load)
    }
    for (const [state, bytes] of Object.entries({ used: 600, free: 300, cached: 100 })) {
      await add('system.memory.usage', { type: 2, temporality: 2, attr_s: { 'system.memory.state': state } }, bytes)
    }
    for (const [state, bytes] of Object.entries({ used: 30, free: 60, reserved: 10 })) {
      await add(
        'system.filesystem.usage',
        { attr_s: { 'system.filesystem.mountpoint': '/', 'system.filesystem.state': state } },
        bytes,
      )
    }
    await add('process.cpu.utilization', { attr_s: { 'cpu.mode': 'user' } }, 0.2)
    await add('process.cpu.utilization', { attr_s: { 'cpu.mode': 'system' } }, 0.05)
    await add('process.memory.usage', {}, 5000)
    await add('process.uptime', {}, 77)
    await add('nodejs.eventloop.delay.mean', {}, 0.012)
    for (const [device, bytes] of Object.entries({ eth0: 100, eth1: 10, lo: 5000 })) {
      const counter = { type: 2, temporality: 2, monotonic: true }
      const fingerprint = await series('system.network.io', {
        ...counter,
        attr_s: { 'network.io.direction': 'receive', 'network.interface.name': device },
      })
      rows.push(
        sample('system.network.io', fingerprint, at - minute, 1000),
        sample('system.network.io', fingerprint, at, 1000 + bytes),
      )
    }
    // Another host, by the Collector's receiver: time counters and shorter attribute names.
    const collector = { res_hash: '8', type: 2, temporality: 2, monotonic: true }
    for (const [state, seconds] of Object.entries({ idle: 45, user: 15 })) {
      const fingerprint = await series('system.cpu.time', { ...collector, attr_s: { cpu: 'cpu0', state } })
      rows.push(
        sample('system.cpu.time', fingerprint, at - minute, 100),
        sample('system.cpu.time', fingerprint, at, 100 + seconds),
      )
    }
    await engine.insert('metric_samples', rows)

    const answer: SystemAnswer = systemAnswer.parse(await get(app, '/metrics', { ...range, category: 'system' }))
    const item = (host: string) => answer.items.find((each) => each.host === host && Date.parse(each.timestamp) === at)
    const { cpu, memory, disk, network, process } = item('h1')!
    expect(cpu.usage).toBeCloseTo(40, 9)
    expect(cpu).toMatchObject({ loadAverage: [1.5, 1, 0.5], cores: 2 })
    expect(memory).toEqual({ total: 1000, used: 600, free: 300, percentage: 60 })
    expect(disk).toEqual([{ mount: '/', total: 100, used: 30, available: 60, percentage: (30 / 90) * 100 }])
    expect(network).toEqual({ bytesReceived: 110, bytesSent: null })
    expect(process).toMatchObject({ memory: 5000, uptime: 77, eventLoopDelay: 12 })
    expect(process.cpu).toBeCloseTo(25, 9)
    expect(item('h2')!.cpu).toEqual({ usage: 25, loadAverage: [], cores: 1 })

    const one: SystemAnswer = await get(app, '/metrics', { ...range, category: 'system', host: 'h2' })
    expect(new Set(one.items.map(({ host }) => host))).toEqual(new Set(['h2']))
    const overview = await get<{ system: object[] }>(app, '/overview')
    expect(overview.system).toMatchObject([
      { host: 'h1', memory: 60, load: 1.5, cores: 2 },
      { host: 'h2', cpu: 25, memory: null },
    ])
  })
})

describe('GET /metrics/names', () => {
  test('lists what there is, in pages', async () => {
    const names: string[] = []
    let cursor: string | null = null
    do {
      const page: MetricNamesAnswer = metricNamesAnswer.parse(
        await get(app, '/metrics/names', { limit: 4, ...(cursor && { cursor }) }),
      )
      names.push(...page.items.map(({ name }) => name))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(names).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(['queue', 'hits', 'latency', 'exponential', 'gc']))
    const found: MetricNamesAnswer = await get(app, '/metrics/names', { search: 'QUEU' })
    expect(found.items).toMatchObject([
      { name: 'queue', type: 'gauge', temporality: 'none', services: ['video', 'web'], seriesCount: 2 },
    ])
  })
})

test('a metric that never came has no type and no series', async () => {
  expect(await get(app, '/metrics', { name: 'nothing' })).toMatchObject({ type: null, series: [] })
})

test.each<[Record<string, unknown>, string]>([
  [{}, 'category'],
  [{ category: 'system', name: 'x' }, 'name'],
  [{ category: 'everything' }, 'category'],
  [{ name: 'x', aggregation: 'median' }, 'aggregation'],
  [{ name: 'x', tags: 'plan' }, 'tags.0'],
  [{ name: 'queue', filter: 'a >' }, 'filter'],
  [{ name: 'x', interval: 1, from: 'now-7d' }, 'interval'],
  [{ name: 'x', nam: 'y' }, 'nam'],
])('%j is refused, naming %s', async (query, path) => {
  expect(await problemOf(app, '/metrics', query)).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ path }] })
})
