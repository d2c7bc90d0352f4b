import { type QueryResponse, queryResponse } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { metricApi, minute, now, point, sample } from './metric-api.ts'
import { Random } from './rows/random.ts'
import { post, problemOfPost } from './test-api.ts'

const api = metricApi()
const range = { from: now - 5 * minute, to: now, step: 60 }

async function ask(query: object, rest: object = {}): Promise<QueryResponse['results'][string]> {
  const body = { ...range, queries: { a: { signal: 'metrics', ...query } }, ...rest }
  return queryResponse.parse(await post(api.app, '/query', body)).results['a']!
}

/** Values of a series by minutes before now; null is left out. */
function byMinute(points: readonly (readonly [number, number | null])[]): Record<number, number> {
  return Object.fromEntries(points.flatMap(([at, value]) => (value === null ? [] : [[(now - at) / minute, value]])))
}

describe('gauges', () => {
  test('by group, with other, over time and as a whole', async () => {
    for (const [index, queue] of ['a', 'b', 'c'].entries()) {
      const id = await api.series('depth', { type: 1, unit: '{job}', attr_s: { queue } })
      await api.engine.insert('metric_samples', [
        sample('depth', id, now - 3 * minute, 10 * (index + 1)),
        sample('depth', id, now - 3 * minute + 10_000, 30 * (index + 1)),
        sample('depth', id, now - minute, index),
      ])
    }
    const grouped = await ask({ aggregate: 'avg(depth)', groupBy: ['queue'], limit: 1 })
    expect(grouped.series!.map(({ labels, other, points }) => [labels, other, byMinute(points)])).toEqual([
      [{ queue: 'c' }, undefined, { 3: 60, 1: 2 }],
      [{ queue: 'other' }, true, { 3: (10 + 30 + 20 + 60) / 4, 1: 0.5 }],
    ])
    expect(grouped).toMatchObject({
      truncated: true,
      columns: [{ name: 'time' }, { name: 'queue' }, { unit: '{job}' }],
    })
    const only = await ask({ aggregate: 'avg(depth)', groupBy: ['queue'], limit: 1, other: false, kind: 'scalar' })
    expect(only.series).toEqual([
      { labels: { queue: 'c' }, value: (30 + 90 + 2) / 3, points: [[range.from, (30 + 90 + 2) / 3]] },
    ])
    const table = await ask({ metric: 'depth', aggregate: 'max', groupBy: ['queue'], kind: 'table', orderBy: 'queue' })
    expect(table.rows).toEqual([
      ['a', 30],
      ['b', 60],
      ['c', 90],
    ])
    const distinct = await ask({ metric: 'depth', aggregate: 'uniq(queue)', filter: "queue != 'a'" })
    expect(byMinute(distinct.series![0]!.points)).toEqual({ 5: 0, 4: 0, 3: 2, 2: 0, 1: 2 })
    const raw = await ask({ metric: 'depth', kind: 'raw', filter: "queue = 'b'", limit: 2 })
    expect(raw.rows!.map((row) => row.slice(1))).toEqual([
      ['video', { queue: 'b' }, 1],
      ['video', { queue: 'b' }, 60],
    ])
    expect(raw.truncated).toBe(true)
  })

  test.each([
    { metric: 'depth', aggregate: 'max' },
    { aggregate: 'max(depth)' },
    { aggregate: 'max', filter: "name = 'depth'" },
    { aggregate: 'max(value)', filter: "metric.name = 'depth' AND queue EXISTS" },
  ])('are named by %j', async (query) => {
    expect(byMinute((await ask(query)).series![0]!.points)).toEqual({ 3: 90, 1: 2 })
  })
})

test('a step that nobody asked for is no shorter than the collection', async () => {
  const ids = await Promise.all(['a', 'b', 'c'].map((host) => api.series('load', { type: 1, attr_s: { host } })))
  await api.engine.insert(
    'metric_samples',
    ids.flatMap((id, place) =>
      Array.from({ length: 5 }, (_, index) => sample('load', id, now - (index + 1) * minute + place * 15_000, 1)),
    ),
  )
  const body = { from: range.from, to: range.to, queries: { a: { signal: 'metrics', aggregate: 'sum(load)' } } }
  const { results, meta } = queryResponse.parse(await post(api.app, '/query', body))
  expect(meta.stepSeconds).toBe(60)
  // In buckets of two seconds there would be one of the three at a time.
  expect(byMinute(results['a']!.series![0]!.points)).toEqual({ 5: 3, 4: 3, 3: 3, 2: 3, 1: 3 })
})

describe('counters', () => {
  test('differences, resets and delta add up to what was counted, whatever the step', async () => {
    const random = new Random(9)
    const rows: object[] = []
    const gains: { at: number; route: string; gained: number }[] = []
    for (let each = 0; each < 12; each++) {
      const delta = each % 3 === 0
      const route = ['/a', '/b', '/c', '/d'][each % 4]!
      const id = await api.series('served', {
        type: 2,
        temporality: delta ? 1 : 2,
        monotonic: true,
        attr_s: { route },
        attr_i: { each: String(each) },
      })
      let value = 0
      let start = now - 5 * minute
      for (let at = start + 10_000; at <= now; at += 10_000) {
        if (random.chance(0.1)) {
          value = 0
          start = at - 5000
        }
        const gained = random.whole(100)
        value += gained
        gains.push({ at, route, gained })
        rows.push(sample('served', id, at, delta ? gained : value, delta ? at - 10_000 : start))
      }
    }
    await api.engine.insert('metric_samples', rows)
    const total = (of: typeof gains) => of.reduce((sum, { gained }) => sum + gained, 0)
    for (const step of [10, 60, 300]) {
      const { series } = await ask({ aggregate: 'increase(served)' }, { step })
      for (const [at, value] of series![0]!.points) {
        expect(value ?? 0).toBe(
          total(gains.filter((gain) => Math.ceil(gain.at / step / 1000 - 1) * step * 1000 === at)),
        )
      }
    }
    const rates = await ask({ aggregate: 'rate(served)', groupBy: ['route'], kind: 'scalar', limit: 2 })
    const byRoute = [...Map.groupBy(gains, ({ route }) => route)]
      .map(([route, of]) => [route, total(of)] as const)
      .sort(([, a], [, b]) => b - a)
    expect(rates.series!.map(({ labels }) => labels['route'])).toEqual([byRoute[0]![0], byRoute[1]![0], 'other'])
    expect(rates.series![0]!.value).toBeCloseTo(byRoute[0]![1] / 300, 9)
    expect(rates.series![2]!.value).toBeCloseTo((byRoute[2]![1] + byRoute[3]![1]) / 300, 9)
  })

  test('compared with the window before', async () => {
    const id = await api.series('twice', { type: 2, temporality: 1, monotonic: true })
    await api.engine.insert('metric_samples', [
      sample('twice', id, now - 2 * minute, 5),
      sample('twice', id, now - 7 * minute, 3),
    ])
    const { compare, series } = await ask({ aggregate: 'increase(twice)', compare: '5m' })
    expect(byMinute(series![0]!.points)).toEqual({ 2: 5 })
    expect(byMinute(compare!.series![0]!.points)).toEqual({ 2: 3 })
  })
})

describe('histograms', () => {
  const histogram = (name: string, id: string, at: number, buckets: number[], sum: number) => ({
    ...point(name, id, at, at - minute),
    count: String(buckets.reduce((total, count) => total + count, 0)),
    has: 1,
    sum,
    buckets: buckets.map(String),
  })

  test('are merged across series: percentiles of all, by group, as a whole', async () => {
    const fast = await api.series('took', {
      type: 3,
      temporality: 1,
      unit: 'ms',
      bounds: [10, 20, 40],
      attr_s: { tier: 'fast' },
    })
    const slow = await api.series('took', {
      type: 3,
      temporality: 1,
      unit: 'ms',
      bounds: [10, 20, 40],
      attr_s: { tier: 'slow' },
    })
    await api.engine.insert('metric_histograms', [
      histogram('took', fast, now - 3 * minute, [8, 2, 0, 0], 70),
      histogram('took', slow, now - 3 * minute, [0, 0, 10, 0], 300),
      histogram('took', fast, now - minute, [10, 0, 0, 0], 50),
    ])
    expect(byMinute((await ask({ aggregate: 'p50(took)' })).series![0]!.points)).toEqual({ 4: 20, 2: 5 })
    const whole = await ask({ aggregate: 'p90(took)', kind: 'scalar' })
    // Of 30 the 27th is the seventh of ten between 20 and 40.
    expect(whole.series![0]!.value).toBeCloseTo(34, 9)
    const tiers = await ask({ aggregate: 'avg(took)', groupBy: ['tier'], kind: 'table' })
    expect(tiers.rows).toEqual([
      ['slow', 30],
      ['fast', 6],
    ])
    const map = await ask({ metric: 'took', kind: 'distribution' })
    expect(map.series!.map(({ low, high, points }) => [low, high, byMinute(points)])).toEqual([
      [0, 10, { 5: 0, 4: 8, 3: 0, 2: 10, 1: 0 }],
      [10, 20, { 5: 0, 4: 2, 3: 0, 2: 0, 1: 0 }],
      [20, 40, { 5: 0, 4: 10, 3: 0, 2: 0, 1: 0 }],
    ])
  })

  test('exponential ones as a distribution, negative values and zeros too', async () => {
    const id = await api.series('drift', { type: 4, temporality: 1 })
    await api.engine.insert('metric_exponential_histograms', [
      {
        ...point('drift', id, now - 2 * minute, now - 3 * minute),
        count: '10',
        has: 1,
        sum: 1,
        scale: 0,
        zero_count: '4',
        positive_offset: 0,
        positive: ['3', '0', '2'],
        negative_offset: 0,
        negative: ['1'],
      },
    ])
    const { series } = await ask({ metric: 'drift', kind: 'distribution' })
    expect(series!.map(({ low, high, points }) => [low, high, byMinute(points)[3]])).toEqual([
      [-2, -1, 1],
      [-1, 0, 4],
      [0, 1, 0],
      [1, 2, 3],
      [2, 4, 0],
      [4, 8, 2],
    ])
    const elsewhere = series!
      .flatMap(({ points }) => points)
      .filter(([at, count]) => at !== now - 3 * minute && count !== 0)
    expect(elsewhere).toEqual([])
  })

  test('exponential ones of random values: percentiles within their buckets', async () => {
    const random = new Random(5)
    const scale = 4
    const values: number[] = []
    for (let each = 0; each < 6; each++) {
      const id = await api.series('sizes', { type: 4, temporality: 1, attr_i: { each: String(each) } })
      const own = Array.from({ length: 200 }, () => Math.exp(random.next() * 6))
      values.push(...own)
      const keys = own.map((value) => Math.ceil(Math.log2(value) * 2 ** scale) - 1)
      const offset = Math.min(...keys)
      const positive = Array.from({ length: Math.max(...keys) - offset + 1 }, (_, place) =>
        String(keys.filter((key) => key === offset + place).length),
      )
      await api.engine.insert('metric_exponential_histograms', [
        {
          ...point('sizes', id, now - 2 * minute, now - 3 * minute),
          count: '200',
          has: 1,
          sum: 1,
          scale,
          positive_offset: offset,
          positive,
        },
      ])
    }
    const sorted = values.sort((a, b) => a - b)
    for (const percent of [1, 50, 90, 99, 99.9]) {
      const { series } = await ask({ aggregate: `p${percent}(sizes)`, kind: 'scalar' })
      const exact = sorted[Math.ceil((percent / 100) * sorted.length) - 1]!
      expect(Math.abs(series![0]!.value! / exact - 1), `p${percent}`).toBeLessThan(2 ** (2 ** -scale) - 1)
    }
  })
})

test('summaries, and formulas over metrics', async () => {
  const id = await api.series('pause', { type: 5 })
  const row = (at: number, count: number, sum: number) => ({
    ...point('pause', id, at, now - 600 * minute),
    count: String(count),
    sum,
    quantiles: [0.5, 0.9],
    quantile_values: [5, 9],
  })
  await api.engine.insert('metric_summaries', [row(now - 3 * minute, 100, 500), row(now - 2 * minute, 110, 580)])
  const { results } = queryResponse.parse(
    await post(api.app, '/query', {
      ...range,
      kind: 'scalar',
      queries: {
        s: { signal: 'metrics', aggregate: 'sum(pause)' },
        n: { signal: 'metrics', aggregate: 'count(pause)' },
      },
      formulas: { mean: 's / n' },
    }),
  )
  expect(results['mean']!.series![0]!.value).toBe(8)
  expect((await ask({ aggregate: 'p70(pause)', kind: 'scalar' })).series![0]!.value).toBeCloseTo(7, 9)
})

test('a metric that never came has no value; what is not for metrics is refused', async () => {
  expect((await ask({ aggregate: 'avg(nothing)' })).series).toEqual([])
  const refused = (query: object) =>
    problemOfPost(api.app, '/query', { queries: { a: { signal: 'metrics', ...query } } })
  expect(await refused({ aggregate: 'error_rate', metric: 'depth' })).toMatchObject({
    errors: [{ path: 'queries.a.aggregate' }],
  })
  expect(await refused({ aggregate: 'uniq', metric: 'depth' })).toMatchObject({
    errors: [{ path: 'queries.a.aggregate' }],
  })
  expect(await refused({ kind: 'distribution', metric: 'depth' })).toMatchObject({
    errors: [{ path: 'queries.a.kind' }],
  })
  expect(await refused({ metric: 'depth', aggregate: 'avg', filter: 'queue >' })).toMatchObject({
    errors: [{ path: 'queries.a.filter' }],
  })
})
