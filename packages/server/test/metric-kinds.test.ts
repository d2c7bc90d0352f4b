import type { ExemplarsResponse, MetricNamesResponse, MetricResponse } from '@burstlet/contract/metrics'
import { type QueryResponse, queryResponse } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { metricApi, minute, now, point, range, sample } from './metric-api.ts'
import { get, post } from './test-api.ts'

const api = metricApi()

async function ask(query: object, rest: object = {}): Promise<QueryResponse> {
  const { from, to } = range
  const queries = { a: { signal: 'metrics', ...query } }
  return queryResponse.parse(await post(api.app, '/query', { from, to, step: 60, queries, ...rest }))
}

const scalar = async (query: object) => (await ask({ ...query, kind: 'scalar' })).results['a']!.series![0]?.value

function metric(query: Record<string, unknown>): Promise<MetricResponse> {
  return get(api.app, '/metrics', { ...range, ...query })
}

/** Values of the only series, without the time. */
const valuesOf = ({ series }: MetricResponse) => (series[0]?.points ?? []).map(([, value]) => value)

const explicit = (name: string, id: string, at: number, buckets: number[], sum: number) => ({
  ...point(name, id, at, at - minute),
  count: String(buckets.reduce((total, count) => total + count, 0)),
  has: 1,
  sum,
  min: 0,
  max: 0,
  buckets: buckets.map(String),
})

const exponential = (name: string, id: string, at: number, offset: number, positive: number[], sum: number) => ({
  ...point(name, id, at, at - minute),
  count: String(positive.reduce((total, count) => total + count, 0)),
  has: 1,
  sum,
  scale: 0,
  positive_offset: offset,
  positive: positive.map(String),
})

describe('histograms of both types are one metric', () => {
  const name = 'http.server.request.duration'
  const at = now - minute

  test('together, by service, and whichever was announced last', async () => {
    const columns = { temporality: 1, unit: 's' }
    const java = await api.series(name, { ...columns, type: 4, service: 'java-http' })
    const python = await api.series(name, { ...columns, type: 3, service: 'python-http', bounds: [1, 2, 4] })
    const node = await api.series(name, { ...columns, type: 3, service: 'node-http', unit: 'ms', bounds: [1000, 2000] })
    await api.engine.insert('metric_exponential_histograms', [exponential(name, java, at, 0, [10, 10], 40)])
    await api.engine.insert('metric_histograms', [
      explicit(name, python, at, [0, 10, 10, 0], 40),
      explicit(name, node, at, [0, 20, 0], 30_000),
    ])
    for (const [service, p50, sum] of [
      ['java-http', 2, 40],
      ['python-http', 2, 40],
    ] as const) {
      const answer = await metric({ name, service, aggregation: 'p50' })
      expect(answer).toMatchObject({ kind: 'histogram', unit: 's', warnings: [] })
      expect(valuesOf(answer)).toEqual([p50])
      const filter = `service.name = '${service}'`
      expect(await scalar({ metric: name, aggregate: 'p50', filter })).toBeCloseTo(p50, 9)
      expect(await scalar({ metric: name, aggregate: 'sum', filter })).toBeCloseTo(sum, 9)
      expect(await scalar({ metric: name, aggregate: 'count', filter })).toBe(20)
    }
    // Sixty values: forty in (1, 2], twenty in (2, 4]; the milliseconds are converted.
    const whole = await metric({ name, aggregation: 'count' })
    expect(valuesOf(whole)).toEqual([60])
    expect(whole.unit).toBe('s')
    expect(whole.warnings).toEqual([{ path: 'name', message: `${name} in ms is converted to s` }])
    expect(whole.kinds).toMatchObject([
      { kind: 'histogram', types: ['histogram', 'exponential_histogram'], units: ['ms', 's'], seriesCount: 3 },
    ])
    expect(valuesOf(await metric({ name, aggregation: 'p50' }))[0]).toBeCloseTo(1.75, 9)
    expect(valuesOf(await metric({ name, aggregation: 'sum' }))[0]).toBeCloseTo(110, 9)
    expect(valuesOf(await metric({ name, aggregation: 'p50', unit: 'ms' }))[0]).toBeCloseTo(1750, 6)
    expect(valuesOf(await metric({ name, aggregation: 'avg', service: 'node-http' }))[0]).toBe(1500)
    expect((await metric({ name, service: 'node-http' })).unit).toBe('ms')
    const grouped = await ask({ metric: name, aggregate: 'count', groupBy: ['service.name'], kind: 'table' })
    expect(grouped.results['a']!.rows).toHaveLength(3)
    const uniq = await scalar({ metric: name, aggregate: 'uniq(service.name)' })
    expect(uniq).toBe(3)
  })

  test('as a heat map, raw, and only the exponential ones', async () => {
    const map = await ask({ metric: name, kind: 'distribution' })
    const total = map.results['a']!.series!.flatMap(({ points }) => points.map(([, count]) => count ?? 0))
    expect(total.reduce((sum, count) => sum + count, 0)).toBeCloseTo(60, 9)
    expect(Math.max(...map.results['a']!.series!.map(({ high }) => high!))).toBe(4)
    expect(map.meta.warnings[0]!.message).toContain('is converted to s')
    const raw = await ask({ metric: name, kind: 'raw' })
    expect(raw.results['a']!.rows!.map((row) => [row[1], row[3], row[4]]).sort()).toEqual([
      ['java-http', 20, 40],
      ['node-http', 20, 30],
      ['python-http', 20, 40],
    ])
    expect(valuesOf(await metric({ name, kind: 'exponential_histogram', aggregation: 'count' }))).toEqual([20])
  })
})

describe('what cannot be put together is told apart', () => {
  test('a gauge and a counter: that with most series, or as asked for', async () => {
    const at = now - minute
    const gauge = await api.series('jobs', { type: 1, service: 'old' })
    const ids = await Promise.all(
      ['a', 'b'].map((each) => api.series('jobs', { type: 2, temporality: 1, monotonic: true, attr_s: { each } })),
    )
    const both = await api.series('jobs', { type: 2, temporality: 2, monotonic: false, service: 'pool' })
    await api.engine.insert('metric_samples', [
      sample('jobs', gauge, at, 7),
      ...ids.map((id) => sample('jobs', id, at, 30, at - minute)),
      sample('jobs', both, at, 5, at - 60 * minute),
    ])
    const counters = await metric({ name: 'jobs' })
    expect(counters).toMatchObject({ kind: 'counter', type: 'sum', aggregation: 'rate' })
    expect(valuesOf(counters)).toEqual([1])
    expect(counters.kinds.map(({ kind, chosen }) => [kind, chosen])).toEqual([
      ['counter', true],
      ['gauge', false],
      ['up_down_counter', false],
    ])
    expect(counters.warnings.map(({ message }) => message)).toEqual([
      'jobs is also gauge in 1 (1 series), which is left out',
      'jobs is also up_down_counter in 1 (1 series), which is left out',
    ])
    for (const [kind, value] of [
      ['gauge', 7],
      ['up_down_counter', 5],
      ['counter', 1],
      ['sum', 1],
    ] as const) {
      const answer = await metric({ name: 'jobs', kind })
      expect(valuesOf(answer), kind).toEqual([value])
      const queried = await ask({ metric: 'jobs', metricKind: kind })
      expect(
        queried.results['a']!.series![0]!.points.flatMap(([, each]) => each ?? []),
        `/query ${kind}`,
      ).toEqual([value])
      expect(queried.results['a']!.metricKinds).toHaveLength(3)
    }
    // Within what is selected there is one kind alone.
    const old = await metric({ name: 'jobs', service: 'old' })
    expect(old).toMatchObject({ kind: 'gauge', warnings: [] })
    expect(valuesOf(old)).toEqual([7])
    expect(await scalar({ metric: 'jobs', filter: "service.name = 'old'" })).toBe(7)
    const said = await ask({ metric: 'jobs' })
    expect(said.meta.warnings).toMatchObject([{ path: 'queries.a.metric' }, { path: 'queries.a.metric' }])
    const none = await metric({ name: 'jobs', kind: 'summary' })
    expect(none).toMatchObject({ type: null, series: [], warnings: [{ message: 'jobs is not summary' }] })
    const names: MetricNamesResponse = await get(api.app, '/metrics/names', { search: 'jobs' })
    expect(names.items.map(({ kind }) => kind).sort()).toEqual(['counter', 'gauge', 'up_down_counter'])
    const otlp = await get<{ resourceMetrics: unknown[] }>(api.app, '/metrics', {
      ...range,
      name: 'jobs',
      format: 'otlp',
      kind: 'gauge',
    })
    expect(JSON.stringify(otlp)).toContain('"gauge"')
    expect(JSON.stringify(otlp)).not.toContain('"sum"')
  })

  test('of kinds that are no longer sent nothing is said', async () => {
    await api.series('moved', { type: 1, attr_s: { each: 'a' } })
    await api.series('moved', { type: 1, attr_s: { each: 'b' } })
    const counter = await api.series('moved', { type: 2, temporality: 1, monotonic: true })
    await api.engine.insert('metric_samples', [sample('moved', counter, now - minute, 60, now - 2 * minute)])
    const answer = await metric({ name: 'moved' })
    expect(answer).toMatchObject({ kind: 'counter', warnings: [] })
    expect(valuesOf(answer)).toEqual([1])
  })

  test('bytes, then no unit', async () => {
    const first = await api.series('size', { type: 1, unit: 'By' })
    const second = await api.series('size', { type: 1, unit: '', attr_s: { each: 'b' } })
    const third = await api.series('size', { type: 1, unit: 'KiBy', attr_s: { each: 'c' } })
    await api.engine.insert('metric_samples', [
      sample('size', first, now - minute, 1024),
      sample('size', second, now - minute, 3),
      sample('size', third, now - minute, 3),
    ])
    const bytes = await metric({ name: 'size', aggregation: 'max', unit: 'KiBy' })
    expect(bytes.unit).toBe('KiBy')
    expect(valuesOf(bytes)).toEqual([3])
    expect(valuesOf(await metric({ name: 'size', aggregation: 'avg', unit: 'By' }))).toEqual([2048])
    expect(valuesOf(await metric({ name: 'size', aggregation: 'avg', unit: '' }))).toEqual([3])
    expect(valuesOf(await metric({ name: 'size', aggregation: 'sum', unit: 'By', filter: "unit = 'By'" }))).toEqual([
      1024,
    ])
    const plain = await metric({ name: 'size' })
    expect(plain.warnings.some(({ message }) => message.includes('no unit'))).toBe(true)
    const refused = await metric({ name: 'size', unit: 's' })
    expect(refused).toMatchObject({ series: [], warnings: [{ message: 'size is not in s' }] })
  })

  test('annotations say nothing about the unit; integers and doubles are alike', async () => {
    const ids = await Promise.all(
      ['{request}', '1', '', '{error}'].map((unit) =>
        api.series('seen', { type: 2, temporality: 1, monotonic: true, unit }),
      ),
    )
    await api.engine.insert('metric_samples', [
      sample('seen', ids[0]!, now - minute, 1, now - 2 * minute),
      { ...sample('seen', ids[1]!, now - minute, 0, now - 2 * minute), value_type: 2, value_int: '2' },
      sample('seen', ids[2]!, now - minute, 3, now - 2 * minute),
      sample('seen', ids[3]!, now - minute, 4, now - 2 * minute),
    ])
    const answer = await metric({ name: 'seen', aggregation: 'increase' })
    expect(valuesOf(answer)).toEqual([10])
    expect(answer.warnings).toEqual([])
  })

  test('summaries of several units, and exemplars in that of the answer', async () => {
    const seconds = await api.series('pause', { type: 5, unit: 's' })
    const more = await api.series('pause', { type: 5, unit: 's', attr_s: { each: 'b' } })
    const millis = await api.series('pause', { type: 5, unit: 'ms', attr_s: { each: 'c' } })
    const row = (id: string, scale: number) => ({
      ...point('pause', id, now - minute, now - 2 * minute),
      count: '10',
      sum: 5 * scale,
      quantiles: [0.5],
      quantile_values: [0.5 * scale],
    })
    await api.engine.insert('metric_summaries', [row(seconds, 1), row(more, 1), row(millis, 1000)])
    expect(valuesOf(await metric({ name: 'pause', aggregation: 'p50' }))[0]).toBeCloseTo(0.5, 9)
    expect(valuesOf(await metric({ name: 'pause', aggregation: 'sum' }))[0]).toBeCloseTo(15, 9)
    await api.engine.insert(
      'metric_exemplars',
      [
        [seconds, 2],
        [millis, 3000],
        [seconds, Number.POSITIVE_INFINITY],
      ].map(([fingerprint, value]) => {
        const { start: _, ...rest } = point('pause', String(fingerprint), now - minute, 0)
        return {
          ...rest,
          point_time: rest.time,
          value_type: 1,
          value_double: value === Number.POSITIVE_INFINITY ? 'inf' : value,
          attributes: '{}',
        }
      }),
    )
    const found: ExemplarsResponse = await get(api.app, '/metrics/exemplars', {
      from: range.from,
      to: range.to,
      name: 'pause',
    })
    expect(found.unit).toBe('s')
    expect(found.items.map(({ value }) => value).sort()).toEqual([2, 3])
  })

  test('a formula over units that differ says so', async () => {
    for (const [name, unit] of [
      ['one', 's'],
      ['two', 'ms'],
    ] as const) {
      const id = await api.series(name, { type: 1, unit })
      await api.engine.insert('metric_samples', [sample(name, id, now - minute, 8)])
    }
    const body = (unit?: string) => ({
      kind: 'scalar',
      queries: {
        a: { signal: 'metrics', aggregate: 'avg(one)', unit },
        b: { signal: 'metrics', aggregate: 'avg(two)', unit },
      },
      formulas: { c: 'a - b' },
    })
    expect((await ask({}, body())).meta.warnings).toMatchObject([{ path: 'formulas.c' }])
    const same = await ask({}, body('ms'))
    expect(same.meta.warnings.map(({ path }) => path)).not.toContain('formulas.c')
    expect(same.results['c']!.series![0]!.value).toBeCloseTo(7992, 9)
  })
})

describe('values that are infinite or no number are left out, and it is said', () => {
  test('of a gauge', async () => {
    const id = await api.series('odd', { type: 1 })
    const other = await api.series('odd', { type: 1, attr_s: { each: 'b' } })
    const odd = (value: string) => ({ ...sample('odd', id, now - minute + 2, 0), value_double: value })
    await api.engine.insert('metric_samples', [
      sample('odd', id, now - minute, 1),
      sample('odd', other, now - minute, 3),
      odd('inf'),
      odd('-inf'),
      odd('nan'),
    ])
    const expected = { max: 3, min: 1, avg: 2, sum: 4, last: 3, count: 2, p50: 2, p100: 3 }
    for (const [aggregation, value] of Object.entries(expected)) {
      const answer = await metric({ name: 'odd', aggregation })
      if (aggregation === 'last') expect([1, 3]).toContain(valuesOf(answer)[0])
      else expect(valuesOf(answer), aggregation).toEqual([value])
      expect(answer.warnings).toMatchObject([
        { message: '3 points of odd are infinite or not a number, and are left out' },
      ])
      const { meta } = await ask({ metric: 'odd', aggregate: aggregation })
      expect(meta.warnings).toHaveLength(1)
    }
  })

  test('of sums of histograms, and of a counter', async () => {
    const at = now - minute
    const columns = { type: 3, temporality: 1, bounds: [1] }
    const [fine, odd] = [await api.series('waited', columns), await api.series('waited', columns)]
    await api.engine.insert('metric_histograms', [
      explicit('waited', fine, at, [4, 0], 2),
      { ...explicit('waited', odd, at, [3, 1], 0), sum: 'inf' },
    ])
    expect(valuesOf(await metric({ name: 'waited', aggregation: 'avg' }))).toEqual([0.5])
    expect(valuesOf(await metric({ name: 'waited', aggregation: 'sum' }))).toEqual([2])
    expect(valuesOf(await metric({ name: 'waited', aggregation: 'count' }))).toEqual([8])
    const id = await api.series('ticks', { type: 2, temporality: 2, monotonic: true })
    const tick = (minutes: number, value: number) =>
      sample('ticks', id, now - minutes * minute, value, now - 900 * minute)
    await api.engine.insert('metric_samples', [tick(3, 10), { ...tick(2, 0), value_double: 'inf' }, tick(1, 30)])
    expect(valuesOf(await metric({ name: 'ticks', aggregation: 'increase' }))).toEqual([10, 10])
  })
})
