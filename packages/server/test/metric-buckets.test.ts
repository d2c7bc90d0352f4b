import { queryBody } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { runQuery } from '../src/features/query/run.ts'
import { ResponseCache } from '../src/querying/cache/response-cache.ts'
import { rounded } from './answered.ts'
import { metricApi, minute, now, point, sample } from './metric-api.ts'
import { Random } from './rows/random.ts'
import { testContext } from './test-context.ts'

const api = metricApi()
const context = (cache?: ResponseCache) =>
  testContext(api.engine.reader, cache && { cache: cache.forRequest('default') })

const start = now - 110 * minute

/** Times of a series that is collected about every half minute, and is silent now and then, for up to half an hour. */
function collected(random: Random): number[] {
  const times: number[] = []
  for (let at = start; at < now; at += 30_000) {
    if (random.chance(0.05)) at += random.whole(30) * minute
    times.push(at + random.whole(3000))
  }
  return times
}

/** Rows of every kind of metric, cumulative and delta, with restarts, changes of scale and gaps. */
async function insertRandom(random: Random): Promise<void> {
  const rows = {
    metric_samples: [] as object[],
    metric_histograms: [] as object[],
    metric_exponential_histograms: [] as object[],
    metric_summaries: [] as object[],
  }
  for (let each = 0; each < 3; each++) {
    const temporality = each % 2 === 0 ? 2 : 1
    const attributes = { attr_s: { route: random.of(['/a', '/b']) }, attr_i: { each: String(each) } }
    const gauge = await api.series('level', { type: 1, ...attributes })
    for (const at of collected(random)) rows.metric_samples.push(sample('level', gauge, at, random.whole(1000) / 8))
    const counter = await api.series('hits', { type: 2, temporality, monotonic: true, ...attributes })
    const explicit = await api.series('took', { type: 3, temporality, bounds: [1, 5, 25], ...attributes })
    const exponential = await api.series('size', { type: 4, temporality, ...attributes })
    const summary = await api.series('waited', { type: 5, ...attributes })
    let began = start - 1
    let value = 0
    let counts = [0, 0, 0, 0]
    let scale = 3
    for (const at of collected(random)) {
      if (random.chance(0.03)) {
        value = 0
        counts = [0, 0, 0, 0]
        began = at - 1
        scale = random.of([1, 2, 3])
      }
      const gained = counts.map(() => random.whole(5))
      const sum = gained.reduce((total, more) => total + more, 0)
      value += sum
      counts = counts.map((count, index) => count + gained[index]!)
      const delta = temporality === 1
      const from = delta ? at - 1 : began
      const own = delta ? gained : counts
      const total = own.reduce((all, count) => all + count, 0)
      rows.metric_samples.push(sample('hits', counter, at, delta ? sum : value, from))
      const common = { count: String(total), sum: total * 3, has: 1, min: 0, max: 0 }
      rows.metric_histograms.push({ ...point('took', explicit, at, from), ...common, buckets: own.map(String) })
      rows.metric_exponential_histograms.push({
        ...point('size', exponential, at, from),
        ...common,
        scale,
        positive_offset: 2,
        positive: own.map(String),
      })
      rows.metric_summaries.push({
        ...point('waited', summary, at, began),
        count: String(value),
        sum: value * 2,
        quantiles: [0.5, 0.9],
        quantile_values: [gained[0]! + 1, gained[0]! + 9],
      })
    }
  }
  for (const [table, values] of Object.entries(rows)) await api.engine.insert(table, values)
}

test('a bucket has one value whatever range it is asked in, so that it may be known from before', async () => {
  const random = new Random(31)
  await insertRandom(random)
  const cache = new ResponseCache()
  const questions = [
    'p90(level)',
    'rate(level)',
    'increase(hits)',
    'p50(took)',
    'max(took)',
    'p99(size)',
    'avg(size)',
    'p50(waited)',
    'increase(waited)',
  ]
  let cached = 0
  for (const aggregate of questions) {
    const groupBy = random.of([[], ['route']])
    for (let round = 0; round < 2; round++) {
      const to = now - 2 * minute - random.whole(20 * minute)
      const body = queryBody.parse({
        from: to - 40 * minute - random.whole(40 * minute),
        to,
        step: 120,
        queries: { a: { signal: 'metrics', aggregate, groupBy } },
      })
      const known = await runQuery(context(cache), body)
      const fresh = await runQuery(context(), body)
      expect(rounded(known.results), `${aggregate} ${JSON.stringify(body)}`).toEqual(rounded(fresh.results))
      if (known.meta.cached) cached += 1
    }
  }
  expect(cached).toBe(questions.length)
})

describe('staleness', () => {
  const ask = async (aggregate: string) => {
    const body = queryBody.parse({
      from: now - 60 * minute,
      to: now,
      step: 60,
      queries: { a: { signal: 'metrics', aggregate } },
    })
    const { series } = (await runQuery(context(), body)).results['a']!
    return Object.fromEntries(
      series![0]!.points.filter(([, value]) => value !== null).map(([at, value]) => [(now - at) / minute, value]),
    )
  }

  test('what a counter gained in a silence is spread over it; after six hours it begins anew', async () => {
    const began = now - 3000 * minute
    for (const [name, silence] of [
      ['silent', 30],
      ['forgotten', 361],
    ] as const) {
      const id = await api.series(name, { type: 2, temporality: 2, monotonic: true })
      await api.engine.insert('metric_samples', [
        sample(name, id, now - (10 + silence) * minute, 110, began),
        sample(name, id, now - 10 * minute, 500, began),
        sample(name, id, now - 9 * minute, 503, began),
      ])
    }
    expect(await ask('increase(silent)')).toEqual({
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [11 + index, 13])),
      10: 3,
    })
    expect(await ask('increase(forgotten)')).toEqual({ 10: 3 })
  })

  test('a counter that restarted in its silence counts from its restart', async () => {
    const id = await api.series('restarted', { type: 2, temporality: 2, monotonic: true })
    await api.engine.insert('metric_samples', [
      sample('restarted', id, now - 50 * minute, 100, now - 3000 * minute),
      sample('restarted', id, now - 10 * minute, 7, now - 11 * minute),
    ])
    expect(await ask('increase(restarted)')).toEqual({ 11: 7 })
  })

  test('a point that says that there is no value is none', async () => {
    const gauge = await api.series('gone', { type: 1 })
    const counter = await api.series('gone.count', { type: 2, temporality: 2, monotonic: true })
    const nothing = (name: string, id: string, at: number) => ({ ...sample(name, id, at, 0), flags: 1 })
    await api.engine.insert('metric_samples', [
      sample('gone', gauge, now - 5 * minute, 8),
      nothing('gone', gauge, now - 4 * minute),
      sample('gone', gauge, now - 3 * minute, 6),
      sample('gone.count', counter, now - 5 * minute, 100, now - 3000 * minute),
      nothing('gone.count', counter, now - 4 * minute),
      sample('gone.count', counter, now - 3 * minute, 104, now - 3000 * minute),
    ])
    expect(await ask('last(gone)')).toEqual({ 5: 8, 3: 6 })
    expect(await ask('min(gone)')).toEqual({ 5: 8, 3: 6 })
    expect(await ask('increase(gone.count)')).toEqual({ 5: 2, 4: 2 })
  })
})

describe('the rate of a bucket that the range cuts, or that still goes on, is over what its points cover', () => {
  // Two a second, told every five seconds.
  const began = now - 1_200_000
  const step = 300
  const startOf = (at: number) => Math.floor(at / step / 1000) * step * 1000
  const counted = (at: number) => 2 * ((at - began) / 1000)
  const total = (at: number) => ({ count: String(counted(at)), sum: counted(at), has: 1 })
  const buckets = (count: number) => [String(count / 2), String(count / 2)]
  const cumulative = { temporality: 2, monotonic: true }
  test.each<[string, object, string, (name: string, id: string, at: number) => object]>([
    [
      'counter',
      { type: 2, ...cumulative },
      'metric_samples',
      (name, id, at) => sample(name, id, at, counted(at), began),
    ],
    [
      'delta',
      { type: 2, temporality: 1, monotonic: true },
      'metric_samples',
      (name, id, at) => sample(name, id, at, 10, at - 5000),
    ],
    ['level', { type: 1 }, 'metric_samples', (name, id, at) => sample(name, id, at, counted(at))],
    [
      'explicit',
      { type: 3, temporality: 2, bounds: [5] },
      'metric_histograms',
      (name, id, at) => ({ ...point(name, id, at, began), ...total(at), buckets: buckets(counted(at)) }),
    ],
    [
      'exponential',
      { type: 4, temporality: 2 },
      'metric_exponential_histograms',
      (name, id, at) => ({ ...point(name, id, at, began), ...total(at), scale: 0, positive: buckets(counted(at)) }),
    ],
    [
      'summary',
      { type: 5 },
      'metric_summaries',
      (name, id, at) => ({ ...point(name, id, at, began), count: String(counted(at)), sum: 1 }),
    ],
  ])('%s', async (kind, columns, table, rowOf) => {
    const name = `steady.${kind}`
    // One at the very beginning of a bucket tells of the one before, which levels do not have; so the last is not there.
    const times = Array.from({ length: (Date.now() - began) / 5000 }, (_, index) => began + (index + 1) * 5000)
    if (times.at(-1) === startOf(times.at(-1)!)) times.pop()
    const ids = await Promise.all(['a', 'b'].map((each) => api.series(name, { ...columns, attr_s: { each } })))
    await api.engine.insert(
      table,
      ids.flatMap((id) => times.map((at) => rowOf(name, id, at))),
    )
    for (const to of [now - 4 * minute + 20_000, now + 60 * minute]) {
      const from = now - 17 * minute + 25_000
      const { results } = await runQuery(
        context(),
        queryBody.parse({ from, to, step, queries: { a: { signal: 'metrics', aggregate: `rate(${name})` } } }),
      )
      const { points } = results['a']!.series![0]!
      const known = points.filter(([, value]) => value !== null)
      const last = startOf(Math.min(to, times.at(-1)!))
      expect(known.map(([at]) => at)).toEqual(points.map(([at]) => at).filter((at) => at <= last))
      // On a slow machine the last bucket may be over by now, with nothing sent for its end.
      const open = to < now || last + step * 1000 > Date.now()
      for (const [, rate] of open ? known : known.slice(0, -1)) expect(rate).toBeCloseTo(4, 9)
    }
  })
})
