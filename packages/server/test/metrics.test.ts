import { type MetricNamesResponse, type MetricResponse, metricNamesResponse } from '@burstlet/contract/metrics'
import { describe, expect, test } from 'vitest'
import { metricApi, minute, now, point, range, sample } from './metric-api.ts'
import { Random } from './rows/random.ts'
import { get, problemOf } from './test-api.ts'

const api = metricApi()

describe('gauges', () => {
  test('are aggregated over all their points', async () => {
    const a = await api.series('queue', { type: 1, attr_s: { queue: 'a' } })
    const b = await api.series('queue', {
      type: 1,
      attr_s: { queue: 'b' },
      attr_i: { shard: '3' },
      service: 'web',
      res_hash: '8',
    })
    await api.engine.insert('metric_samples', [
      sample('queue', a, now - 2 * minute, 1),
      sample('queue', a, now - 2 * minute + 10_000, 3),
      sample('queue', b, now - 2 * minute + 5000, 8),
      sample('queue', a, now - minute, 10),
      // A gap: no value was recorded.
      { ...point('queue', a, now - minute + 1000, 0), value_type: 0, flags: 1 },
      // Before the range.
      sample('queue', a, now - 30 * minute, 1000),
    ])
    const ask = (aggregation: string) => api.values({ name: 'queue', aggregation })
    expect(await ask('avg')).toEqual({ 2: 4, 1: 10 })
    expect(await ask('min')).toEqual({ 2: 1, 1: 10 })
    expect(await ask('max')).toEqual({ 2: 8, 1: 10 })
    expect(await ask('count')).toEqual({ 2: 3, 1: 1 })
    expect(await ask('last')).toEqual({ 2: 3, 1: 10 })
    expect(await ask('sum')).toEqual({ 2: 11, 1: 10 })
    expect(await ask('p50')).toEqual({ 2: 3, 1: 10 })
    expect(await ask('p100')).toEqual({ 2: 8, 1: 10 })
    expect(await api.values({ name: 'queue' })).toEqual({ 2: 4, 1: 10 })
    expect(await api.values({ name: 'queue', tags: 'queue:b' })).toEqual({ 2: 8 })
    expect(await api.values({ name: 'queue', tags: ['queue:b', 'shard:3', 'service.name:web'] })).toEqual({ 2: 8 })
    expect(await api.values({ name: 'queue', tags: 'shard:4' })).toEqual({})
    expect(await api.values({ name: 'queue', service: 'video' })).toEqual({ 2: 2, 1: 10 })
    expect(await api.values({ name: 'queue', filter: "resource.host.name = 'h2'" })).toEqual({ 2: 8 })
    expect(await api.values({ name: 'queue', filter: 'shard >= 3' })).toEqual({ 2: 8 })
  })

  test('are grouped by attributes of the series and of its resource, largest first', async () => {
    const answer: MetricResponse = await get(api.app, '/metrics', {
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
    const one: MetricResponse = await get(api.app, '/metrics', { ...range, name: 'queue', groupBy: 'queue', limit: 1 })
    expect(one.series).toHaveLength(1)
    expect(one.truncated).toBe(true)
  })
})

describe('counters', () => {
  test('cumulative ones are differentiated per series, across resets, then added', async () => {
    const a = await api.series('hits', { type: 2, temporality: 2, monotonic: true, attr_s: { route: '/a' } })
    const b = await api.series('hits', { type: 2, temporality: 2, monotonic: true, attr_s: { route: '/b' } })
    const c = await api.series('hits', { type: 2, temporality: 2, monotonic: true, attr_s: { route: '/c' } })
    const before = now - 600 * minute
    await api.engine.insert('metric_samples', [
      // Counted for long: what was before the range is not increase. Half of the ten was before it, too.
      sample('hits', a, now - 6 * minute, 90, before),
      sample('hits', a, now - 4 * minute, 100, before),
      sample('hits', a, now - 3 * minute, 160, before),
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
    // What a point adds belongs to the time since the point before, or since the start.
    expect(await api.values({ name: 'hits', aggregation: 'increase' })).toEqual({ 5: 5, 4: 65, 3: 27, 2: 30 })
    expect(await api.values({ name: 'hits', aggregation: 'sum' })).toEqual({ 5: 5, 4: 65, 3: 27, 2: 30 })
    const rates = await api.values({ name: 'hits' })
    for (const [at, added] of [
      [5, 5],
      [4, 65],
      [3, 27],
    ] as const) {
      expect(rates[at]).toBeCloseTo(added / 60, 12)
    }
    expect(await api.values({ name: 'hits', aggregation: 'increase', tags: 'route:/a' })).toEqual({
      5: 5,
      4: 60,
      3: 20,
      2: 30,
    })
  })

  test('delta ones are added as they are', async () => {
    const a = await api.series('uploads', { type: 2, temporality: 1, monotonic: true })
    await api.engine.insert('metric_samples', [
      sample('uploads', a, now - 3 * minute, 4),
      sample('uploads', a, now - 3 * minute + 1000, 2),
      sample('uploads', a, now - minute, 1),
    ])
    expect(await api.values({ name: 'uploads', aggregation: 'increase' })).toEqual({ 3: 6, 1: 1 })
    expect(await api.values({ name: 'uploads', aggregation: 'rate' })).toEqual({ 3: 0.1, 1: 1 / 60 })
    expect(await api.values({ name: 'uploads', aggregation: 'sum' })).toEqual({ 3: 6, 1: 1 })
  })

  test('integers are exact, up-and-down sums keep their level', async () => {
    const a = await api.series('active', { type: 2, temporality: 2, monotonic: false, attr_s: { pool: 'a' } })
    const b = await api.series('active', { type: 2, temporality: 2, monotonic: false, attr_s: { pool: 'b' } })
    const int = (fingerprint: string, at: number, value: number) => ({
      ...point('active', fingerprint, at, now - 60 * minute),
      value_type: 2,
      value_int: String(value),
    })
    await api.engine.insert('metric_samples', [
      int(a, now - 2 * minute, 7),
      int(b, now - 2 * minute, 5),
      int(a, now - minute, 3),
    ])
    expect(await api.values({ name: 'active' })).toEqual({ 2: 12, 1: 3 })
    expect(await api.values({ name: 'active', aggregation: 'increase' })).toEqual({ 2: -4 })
  })

  test('random counters with resets add up to what was counted', async () => {
    const random = new Random(3)
    const expected: Record<number, number> = {}
    const rows: object[] = []
    for (let each = 0; each < 20; each++) {
      const fingerprint = await api.series('random', {
        type: 2,
        temporality: 2,
        monotonic: true,
        attr_i: { each: String(each) },
      })
      let value = 0
      let start = now - 5 * minute
      for (let at = start + 10_000; at <= now; at += 10_000) {
        const restarts = random.chance(0.1)
        if (restarts) {
          value = 0
          start = at - 5000
        }
        const gained = random.whole(100)
        value += gained
        const bucket = Math.floor((now - at) / minute) + 1
        expected[bucket] = (expected[bucket] ?? 0) + gained
        rows.push(sample('random', fingerprint, at, value, start))
      }
    }
    await api.engine.insert('metric_samples', rows)
    expect(await api.values({ name: 'random', aggregation: 'increase' })).toEqual(expected)
  })
})

describe('GET /metrics/names', () => {
  test('lists what there is, in pages', async () => {
    const names: string[] = []
    let cursor: string | null = null
    do {
      const page: MetricNamesResponse = metricNamesResponse.parse(
        await get(api.app, '/metrics/names', { limit: 4, ...(cursor && { cursor }) }),
      )
      names.push(...page.items.map(({ name }) => name))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(names).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(['queue', 'hits']))
    const found: MetricNamesResponse = await get(api.app, '/metrics/names', { search: 'QUEU' })
    expect(found.items).toMatchObject([
      { name: 'queue', type: 'gauge', temporality: 'none', services: ['video', 'web'], seriesCount: 2 },
    ])
  })
})

test('a metric that never came has no type and no series', async () => {
  expect(await get(api.app, '/metrics', { name: 'nothing' })).toMatchObject({ type: null, series: [] })
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
  expect(await problemOf(api.app, '/metrics', query)).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ path }] })
})
