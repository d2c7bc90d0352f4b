import type { MetricResponse } from '@burstlet/contract/metrics'
import { type QueryResult, queryBody } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { runQuery } from '../src/features/query/run.ts'
import { metricApi, minute, now, point, sample } from './metric-api.ts'
import { Random } from './rows/random.ts'
import { get } from './test-api.ts'
import { testContext } from './test-context.ts'

const api = metricApi()
const hour = 60 * minute
const perSecond = 2

interface Asked {
  readonly from: number
  readonly to: number
  readonly step?: number | undefined
  readonly kind?: 'scalar' | 'distribution'
}

async function ask(aggregate: string, { from, to, step, kind }: Asked): Promise<QueryResult> {
  const query = kind === 'distribution' ? { metric: aggregate, kind } : { aggregate, ...(kind && { kind }) }
  const body = queryBody.parse({
    from,
    to,
    ...(step !== undefined && { step }),
    queries: { a: { signal: 'metrics', ...query } },
  })
  return (await runQuery(testContext(api.engine.reader), body)).results['a']!
}

const valuesOf = ({ series }: QueryResult) => series![0]!.points.map(([, value]) => value)
const sumOf = (values: readonly (number | null)[]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
const scalarOf = ({ series }: QueryResult) => series![0]?.value ?? null

interface Kind {
  readonly columns: object
  readonly table: string
  /** A point at `at` that tells of `counted` since `start`. */
  row(name: string, id: string, at: number, start: number, counted: number): object
}

const total = (counted: number) => ({ count: String(counted), sum: counted * 3, has: 1 })
const kinds = {
  cumulative: {
    columns: { type: 2, temporality: 2, monotonic: true },
    table: 'metric_samples',
    row: (name, id, at, start, counted) => sample(name, id, at, counted, start),
  },
  delta: {
    columns: { type: 2, temporality: 1, monotonic: true },
    table: 'metric_samples',
    row: (name, id, at, start, counted) => sample(name, id, at, counted, start),
  },
  explicit: {
    columns: { type: 3, temporality: 2, bounds: [5] },
    table: 'metric_histograms',
    row: (name, id, at, start, counted) => ({
      ...point(name, id, at, start),
      ...total(counted),
      buckets: [String(counted / 2), String(counted / 2)],
    }),
  },
  explicit_delta: {
    columns: { type: 3, temporality: 1, bounds: [5] },
    table: 'metric_histograms',
    row: (name, id, at, start, counted) => ({
      ...point(name, id, at, start),
      ...total(counted),
      buckets: [String(counted / 2), String(counted / 2)],
    }),
  },
  exponential: {
    columns: { type: 4, temporality: 2 },
    table: 'metric_exponential_histograms',
    row: (name, id, at, start, counted) => ({
      ...point(name, id, at, start),
      ...total(counted),
      scale: 0,
      positive: [String(counted / 2), String(counted / 2)],
    }),
  },
  summary: {
    columns: { type: 5 },
    table: 'metric_summaries',
    row: (name, id, at, start, counted) => ({
      ...point(name, id, at, start),
      count: String(counted),
      sum: counted * 3,
    }),
  },
} satisfies Record<string, Kind>
type KindName = keyof typeof kinds

let names = 0

/** A series of a new name that counts `counted(at)` up to each of the times. */
async function insertSeries(
  kind: KindName,
  times: readonly number[],
  start: number,
  counted: (at: number) => number = (at) => Math.round((perSecond * (at - start)) / 1000),
  name = `steady.${kind}.${names++}`,
): Promise<string> {
  const { columns, table, row }: Kind = kinds[kind]
  const id = await api.series(name, { ...columns, attr_i: { each: String(names++) } })
  const isDelta = kind.includes('delta')
  await api.engine.insert(
    table,
    times.map((at, index) => {
      const before = times[index - 1] ?? start
      return isDelta ? row(name, id, at, before, counted(at) - counted(before)) : row(name, id, at, start, counted(at))
    }),
  )
  return name
}

const timesOf = (from: number, to: number, every: number, jitter = () => 0) =>
  Array.from({ length: Math.floor((to - from) / every) }, (_, index) => from + (index + 1) * every + jitter())

describe('a steady counter is a straight line at every step', () => {
  const random = new Random(7)
  const start = now - 7 * hour + 7000
  /** What is asked as a whole knows no step: once for each interval is enough. */
  const askedAsAWhole = new Set<number>()
  test.each<[string, number, number | undefined, number, number]>([
    ['every 15 s, step 20', 15, 20, 1, 0],
    ['every 15 s, default step', 15, undefined, 1, 0],
    ['every 10 s, step 15', 10, 15, 1, 0],
    ['every 60 s ± 20 ms, step 60', 60, 60, 1, 20],
    ['every 60 s, step 10', 60, 10, 1, 0],
    ['every 60 s, step 7', 60, 7, 1, 0],
    ['every 600 s, default step', 600, undefined, 1, 0],
    ['every 600 s, step 20', 600, 20, 1, 0],
    ['every 20 minutes, step 60', 1200, 60, 3, 0],
    ['every 60 minutes, step 600', 3600, 600, 5, 0],
    ['every 60 minutes, default step', 3600, undefined, 6, 0],
  ])('%s', async (_, every, step, hours, jitterMs) => {
    const isNewInterval = !askedAsAWhole.has(every + jitterMs)
    askedAsAWhole.add(every + jitterMs)
    for (const kind of Object.keys(kinds) as KindName[]) {
      const jitter = () => 2 * random.whole(jitterMs + 1) - jitterMs
      // Two counts a second; with a jitter the count has one, too.
      const counted = (at: number) => 2 * Math.round((perSecond * (at - start)) / 2000)
      const times = timesOf(start, Date.now(), every * 1000, jitter)
      const name = await insertSeries(kind, times, start, counted)
      const last = times.at(-1)!
      const digits = jitterMs > 0 ? 1 : 9
      const close = (value: number | null, at: number) =>
        expect(value, `${kind} at ${new Date(at).toISOString()}`).toBeCloseTo(perSecond, digits)
      // Until now, and in the past: its first and last buckets are cut.
      for (const to of [now, now - 30 * minute + 3000]) {
        const from = to - hours * hour + 11_000
        const result = await ask(`rate(${name})`, { from, to, step })
        const reached = result.series![0]!.points.filter(([at]) => at < Math.min(last, to))
        expect(reached.length).toBeGreaterThan(2)
        for (const [at, value] of reached) close(value, at)
        const after = result.series![0]!.points.filter(([at]) => at >= last)
        for (const [, value] of after) expect(value).toBeNull()
        if (to < now && last > to) expect(result.completeUntil).toBeUndefined()
        if (!isNewInterval) continue
        close(scalarOf(await ask(`rate(${name})`, { from, to, kind: 'scalar' })), from)
        const increase = scalarOf(await ask(`increase(${name})`, { from, to, kind: 'scalar' }))
        const covered = (Math.min(to, last) - from) / 1000
        expect(increase! / perSecond / covered).toBeCloseTo(1, jitterMs > 0 ? 4 : 9)
      }
    }
  })

  test('series that are collected at other times add up to one, until now', async () => {
    const name = `fleet.${names++}`
    for (let each = 0; each < 6; each++) {
      const begun = now - 2 * hour + each * 9500
      await insertSeries('cumulative', timesOf(begun, Date.now(), 60_000), begun, undefined, name)
    }
    for (const step of [10, 45, 60, 300]) {
      const { series, completeUntil } = await ask(`rate(${name})`, { from: now - hour, to: Date.now(), step })
      const known = series![0]!.points.filter(([, value]) => value !== null)
      expect(known.at(-1)![0]).toBeGreaterThan(now - 2 * minute - step * 1000)
      for (const [at, value] of known) expect(value, `${step} ${at - now}`).toBeCloseTo(6 * perSecond, 6)
      expect(completeUntil).toBeGreaterThan(now - 2 * minute)
      expect(completeUntil).toBeLessThan(Date.now())
    }
  })

  test('GET /metrics says so, too, and until when it is complete', async () => {
    const begun = now - 2 * hour
    const times = timesOf(begun, Date.now(), minute)
    const name = await insertSeries('cumulative', times, begun)
    const answer: MetricResponse = await get(api.app, '/metrics', { name, from: now - hour, to: Date.now() })
    for (const [, value] of answer.series[0]!.points) expect(value).toBeCloseTo(perSecond, 9)
    expect(answer.completeUntil).toBe(times.at(-1))
  })
})

describe('what was counted is neither lost nor doubled', () => {
  /** Counts of random size at random times, with restarts and silences. */
  function randomHistory(random: Random, isDelta: boolean) {
    const begun = now - 10 * hour + random.whole(minute)
    const rows: { at: number; start: number; value: number }[] = []
    /** What was added, evenly between two times. */
    const added: { from: number; to: number; amount: number }[] = []
    let [before, start, value] = [begun, begun, 0]
    while (before < now - minute) {
      const at = before + random.of([10_000, 60_000, 61_300, 20 * minute]) + random.whole(5000)
      const amount = 2 * random.whole(50)
      const restarts = !isDelta && random.chance(0.1)
      if (restarts) [start, value] = [before + random.whole(at - before - 1), 0]
      value += amount
      const from = restarts ? Math.max(start, before) : before
      if (isDelta) rows.push({ at, start: before, value: amount })
      else rows.push({ at, start, value })
      added.push({ from, to: at, amount })
      before = at
    }
    return { rows, added }
  }

  test.each(Object.keys(kinds) as KindName[])('%s: buckets add up to the whole, at every step', async (kind) => {
    const random = new Random(kind.length)
    const { columns, table, row }: Kind = kinds[kind]
    const name = `random.${kind}`
    const all: { from: number; to: number; amount: number }[] = []
    for (let each = 0; each < 3; each++) {
      const { rows, added } = randomHistory(random, kind.includes('delta'))
      const id = await api.series(name, { ...columns, attr_i: { each: String(each) } })
      await api.engine.insert(
        table,
        rows.map(({ at, start, value }) => row(name, id, at, start, value)),
      )
      all.push(...added)
    }
    const between = (from: number, to: number) =>
      all.reduce((sum, each) => {
        const within = Math.min(each.to, to) - Math.max(each.from, from)
        return within > 0 ? sum + (each.amount * within) / (each.to - each.from) : sum
      }, 0)
    for (let round = 0; round < 4; round++) {
      const from = now - 8 * hour + random.whole(3 * hour)
      const to = from + minute + random.whole(3 * hour)
      const whole = scalarOf(await ask(`increase(${name})`, { from, to, kind: 'scalar' }))
      expect(whole).toBeCloseTo(between(from, to), 6)
      for (const step of [7, 60, 300, 3600]) {
        const result = await ask(`increase(${name})`, { from, to, step })
        expect(sumOf(valuesOf(result)), `step ${step}`).toBeCloseTo(whole!, 6)
        for (const [at, value] of result.series![0]!.points.slice(0, 20)) {
          expect(value).toBeCloseTo(between(Math.max(at, from), Math.min(at + step * 1000, to)), 6)
        }
      }
    }
  })

  test('of a heat map, too', async () => {
    const begun = now - 2 * hour
    const name = await insertSeries('explicit', timesOf(begun, now, minute), begun)
    const { series } = await ask(name, { from: now - hour, to: now - minute, step: 25, kind: 'distribution' })
    const counts = series!.flatMap(({ points }) => points.map(([, value]) => value))
    expect(sumOf(counts)).toBeCloseTo(59 * 60 * perSecond, 6)
  })

  test('percentiles of a bucket are those of what was recorded around it', async () => {
    const begun = now - 2 * hour
    for (const kind of ['explicit', 'exponential'] as const) {
      const name = await insertSeries(kind, timesOf(begun, now, minute), begun)
      const p50 = valuesOf(await ask(`p50(${name})`, { from: now - hour, to: now - minute, step: 7 }))
      for (const value of p50) expect(value).toBeCloseTo(kind === 'explicit' ? 5 : 2, 9)
    }
  })
})

describe('what is not known is null', () => {
  test('before the first point of unknown age, and after the last', async () => {
    const id = await api.series('unknown', { type: 2, temporality: 2, monotonic: true })
    await api.engine.insert('metric_samples', [
      sample('unknown', id, now - 8 * minute, 100),
      sample('unknown', id, now - 7 * minute, 160),
      sample('unknown', id, now - 6 * minute, 160),
    ])
    const asked = { from: now - 10 * minute, to: now, step: 60 }
    const nothing = [null, null, null, null, null, null]
    expect(valuesOf(await ask('increase(unknown)', asked))).toEqual([null, null, 60, 0, ...nothing])
    expect(valuesOf(await ask('rate(unknown)', asked))).toEqual([null, null, 1, 0, ...nothing])
    expect(scalarOf(await ask('increase(unknown)', { ...asked, kind: 'scalar' }))).toBe(60)
  })

  test('a point that comes late takes its place', async () => {
    const id = await api.series('late', { type: 2, temporality: 2, monotonic: true })
    const at = (minutes: number, value: number) => sample('late', id, now - minutes * minute, value, now - 900 * minute)
    await api.engine.insert('metric_samples', [at(8, 0), at(5, 90)])
    const asked = { from: now - 8 * minute, to: now - 5 * minute, step: 60 }
    expect(valuesOf(await ask('increase(late)', asked))).toEqual([30, 30, 30])
    await api.engine.insert('metric_samples', [at(7, 60)])
    expect(valuesOf(await ask('increase(late)', asked))).toEqual([60, 15, 15])
  })

  test('buckets of which something is due are not remembered', async () => {
    const begun = now - 3 * hour
    const times = timesOf(begun, now - 4 * minute, 5 * minute)
    const name = await insertSeries('cumulative', times, begun)
    const { ResponseCache } = await import('../src/querying/cache/response-cache.ts')
    const cache = new ResponseCache()
    const read = async () => {
      const body = queryBody.parse({
        from: now - 30 * minute,
        to: now - 2 * minute,
        step: 60,
        queries: { a: { signal: 'metrics', aggregate: `increase(${name})` } },
      })
      return (await runQuery(testContext(api.engine.reader, { cache: cache.forRequest('default') }), body, { now }))
        .results['a']!
    }
    const before = await read()
    expect(before.completeUntil).toBe(times.at(-1))
    expect(valuesOf(before).at(-1)).toBeNull()
    // Twice, since an answer as a whole is kept as well as its buckets.
    await read()
    const { row } = kinds.cumulative
    const id = (
      await api.engine.everything.query<{ fingerprint: string }>({
        sql: `SELECT toString(fingerprint) AS fingerprint FROM metric_series WHERE name = {name:String}`,
        params: { name },
        signal: new AbortController().signal,
      })
    )[0]!.fingerprint
    const next = times.at(-1)! + 5 * minute
    await api.engine.insert('metric_samples', [row(name, id, next, begun, (perSecond * (next - begun)) / 1000)])
    for (const value of valuesOf(await read())) expect(value).toBeCloseTo(60 * perSecond, 9)
  })
})
