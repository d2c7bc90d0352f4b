import { explainAnswer, type QueryAnswer, type QuerySeries, queryAnswer } from '@burstlet/contract/query'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { createTestApi, post, problemOfPost } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

const end = Math.floor(Date.now() / 60_000) * 60_000 - 60_000
const range = { from: end - 2_400_000, to: end }
const spans = randomTraces(400, end).filter(({ startNs }) => Number(startNs / 1_000_000n) < end)
const logs = randomLogs(300, end)
let engine: TestEngine
let app: FastifyInstance

beforeAll(async () => {
  engine = await startTestEngine()
  app = await createTestApi(engine.reader)
  await insertSpans(engine, spans)
  await insertLogs(engine, logs)
})
afterAll(async () => {
  await app?.close()
  await engine?.stop()
})

async function ask(queries: Record<string, object>, rest: object = {}): Promise<QueryAnswer> {
  return queryAnswer.parse(await post(app, '/query', { ...range, queries, ...rest }))
}

/** The value of the only series of the only query. */
async function scalar(query: object): Promise<number | null> {
  const { results } = await ask({ a: { kind: 'scalar', ...query } })
  expect(results['a']!.series).toHaveLength(1)
  return results['a']!.series![0]!.value!
}

const msOf = ({ startNs }: TestSpan) => Number(startNs / 1_000_000n)
const durationOf = ({ durationNs }: TestSpan) => Number(durationNs) / 1e6
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Nearest rank. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
}

const routeOf = ({ strings }: TestSpan) => strings['http.route'] ?? ''

describe('aggregates of spans', () => {
  const video = spans.filter(({ service }) => service === 'video')
  const filter = "service.name = 'video'"
  const durations = video.map(durationOf)
  const attempts = video.flatMap(({ integers }) => integers['attempt'] ?? [])
  test.each<[string, number]>([
    ['count', video.length],
    ['count(user.id)', video.filter(({ strings }) => strings['user.id']).length],
    ['rate', video.length / 2400],
    ['error_rate', video.filter(({ status }) => status === 2).length / video.length],
    ['sum(duration)', sum(durations)],
    ['avg(duration)', mean(durations)],
    ['min(duration)', Math.min(...durations)],
    ['max(duration)', Math.max(...durations)],
    ['p50(duration)', percentile(durations, 50)],
    ['p95(duration)', percentile(durations, 95)],
    ['p99.9(duration)', percentile(durations, 99.9)],
    ['avg(attempt)', mean(attempts)],
    ['max(attribute.attempt)', Math.max(...attempts)],
    [
      'p75(ratio)',
      percentile(
        video.flatMap(({ doubles }) => doubles['ratio'] ?? []),
        75,
      ),
    ],
    ['uniq(user.id)', new Set(video.flatMap(({ strings }) => strings['user.id'] ?? [])).size],
    ['uniq(host.name)', new Set(video.map(({ host }) => host)).size],
    [
      'uniq(http.status_code)',
      new Set(
        video.flatMap(({ integers }) => integers['http.status_code'] ?? integers['http.response.status_code'] ?? []),
      ).size,
    ],
  ])('%s', async (aggregate, expected) => {
    expect(await scalar({ signal: 'spans', filter, aggregate })).toBeCloseTo(expected, 6)
  })

  test('a text is not a number, and what nobody has is null', async () => {
    expect(await scalar({ signal: 'spans', filter, aggregate: 'avg(k)' })).toBeNull()
    expect(await scalar({ signal: 'spans', filter, aggregate: 'p95(nothing)' })).toBeNull()
    expect(await scalar({ signal: 'spans', filter, aggregate: 'sum(nothing)' })).toBe(0)
    expect(await scalar({ signal: 'spans', filter: "service.name = 'nobody'", aggregate: 'count' })).toBe(0)
    expect(await scalar({ signal: 'spans', filter: "service.name = 'nobody'", aggregate: 'avg(duration)' })).toBeNull()
  })

  test('counts are weighted by sampling, percentiles too', async () => {
    await engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind, status, adjusted_count)
              SELECT 'default', now(), 'sampled', fromUnixTimestamp64Milli(${end - 60_000}), 1000000 * (number + 1), 'weighted-0000000', 'weighted', 'x', 1, if(number = 3, 2, 0), [1, 1, 1, 7][number + 1] FROM numbers(4)`,
    })
    const of = (aggregate: string) => scalar({ signal: 'spans', filter: 'service.name = sampled', aggregate })
    expect(await of('count')).toBe(10)
    expect(await of('error_rate')).toBeCloseTo(0.7, 10)
    expect(await of('avg(duration)')).toBeCloseTo((1 + 2 + 3 + 7 * 4) / 10, 10)
    expect(await of('p30(duration)')).toBe(3)
    expect(await of('p31(duration)')).toBe(4)
    await engine.writer.command({ query: "DELETE FROM spans WHERE service = 'sampled'" })
  })
})

test.each([
  ["k IN ('v1', 'v2')", (span: TestSpan) => ['v1', 'v2'].includes(span.strings['k']!)],
  ["k IN ('v1', '5', 'a', 'b', 'c', 'd')", (span: TestSpan) => ['v1', '5'].includes(span.strings['k']!)],
  ["k IN ('v1', 5, 'a', 'b', 'c', 'd')", (span: TestSpan) => span.strings['k'] === 'v1'],
  ["k NOT IN ('v1', '5', 'a', 'b', 'c', 'd')", (span: TestSpan) => !['v1', '5'].includes(span.strings['k']!)],
  ['user.id IN (u0, u1, u2, u3, u9, u8)', (span: TestSpan) => /^u[0-3]$/.test(span.strings['user.id'] ?? '')],
  ['service.name IN (a, b, c, d, e, video)', (span: TestSpan) => span.service === 'video'],
  [
    'attempt IN (1, 2) && retry = true',
    (span: TestSpan) => [1, 2].includes(span.integers['attempt']!) && span.booleans['retry'] === true,
  ],
  ['ratio >= 0.5 || attempt = 3', (span: TestSpan) => span.doubles['ratio']! >= 0.5 || span.integers['attempt'] === 3],
])('the filter %s', async (filter, matches) => {
  expect(await scalar({ signal: 'spans', filter })).toBe(spans.filter(matches).length)
})

describe('over time', () => {
  test('every bucket has its point; a count of nothing is 0', async () => {
    const { results, meta } = await ask({ a: { signal: 'spans', aggregate: 'count' } }, { step: 60 })
    const [series] = results['a']!.series!
    expect(series!.points).toHaveLength(40)
    for (const [at, value] of series!.points) {
      expect(value).toBe(spans.filter((span) => Math.floor(msOf(span) / 60_000) * 60_000 === at).length)
    }
    expect(meta).toMatchObject({ source: 'spans', stepSeconds: 60, sources: { a: 'spans' } })
    expect(meta.rowsRead).toBeGreaterThanOrEqual(spans.length)
    expect(meta.bytesRead).toBeGreaterThan(0)
  })

  test('rates of a bucket that the range cuts are over the part of it', async () => {
    const from = range.from + 30_000
    const { results } = await ask({ a: { signal: 'spans', aggregate: 'rate' } }, { step: 60, from })
    const [at, value] = results['a']!.series![0]!.points[0]!
    const within = spans.filter((span) => msOf(span) >= from && msOf(span) < range.from + 60_000)
    expect(at).toBe(range.from)
    expect(value).toBeCloseTo(within.length / 30, 10)
  })

  test('by group: the largest, and what is beyond as other', async () => {
    const query = { signal: 'spans', aggregate: 'count', groupBy: ['http.route', 'kind'], limit: 3 }
    const { results } = await ask({ a: query, b: { ...query, other: false } }, { step: 300 })
    const groups = Map.groupBy(spans, (span) => [routeOf(span), kinds[span.kind]].join('|'))
    const sizes = [...groups.values()].map(({ length }) => length).sort((a, b) => b - a)
    const { series, truncated } = results['a']!
    const total = ({ points }: QuerySeries) => sum(points.map(([, value]) => value!))
    expect(truncated).toBe(true)
    expect(series!.map(total)).toEqual([...sizes.slice(0, 3), sum(sizes.slice(3))])
    expect(series![3]).toMatchObject({ other: true, labels: { 'http.route': 'other', kind: 'other' } })
    for (const each of series!.slice(0, 3)) {
      expect(total(each)).toBe(groups.get([each.labels['http.route'], each.labels['kind']].join('|'))!.length)
    }
    expect(results['b']!.series!.map(total)).toEqual(sizes.slice(0, 3))
  })

  test('very many groups are cut down before they are all put together', async () => {
    const query = { signal: 'spans', aggregate: 'count', groupBy: ['trace_id', 'span_id'], limit: 2 }
    const { results } = await ask({ a: query }, { step: 600 })
    const totals = results['a']!.series!.map(({ points }) => sum(points.map(([, value]) => value!)))
    expect(totals).toEqual([1, 1, spans.length - 2])
  })

  test('other is not an average of averages', async () => {
    const { results } = await ask({
      a: { signal: 'spans', aggregate: 'p95(duration)', groupBy: ['name'], limit: 2, kind: 'scalar' },
    })
    const series = results['a']!.series!
    const kept = series.filter(({ other }) => !other).map(({ labels }) => labels['name'])
    const rest = spans.filter(({ name }) => !kept.includes(name)).map(durationOf)
    expect(series.at(-1)).toMatchObject({ other: true })
    expect(series.at(-1)!.value).toBeCloseTo(percentile(rest, 95), 6)
  })

  test.each([
    ['value asc', (a: number, b: number) => a - b],
    ['value desc', (a: number, b: number) => b - a],
  ])('orderBy %s', async (orderBy, order) => {
    const { results } = await ask({
      a: { signal: 'spans', aggregate: 'avg(duration)', groupBy: ['name'], orderBy, kind: 'scalar' },
    })
    const values = results['a']!.series!.map(({ value }) => value!)
    expect(values).toHaveLength(5)
    expect(values).toEqual([...values].sort(order))
    const byName = await ask({
      a: {
        signal: 'spans',
        aggregate: 'count',
        groupBy: ['name'],
        orderBy: 'name',
        limit: 2,
        other: false,
        kind: 'scalar',
      },
    })
    expect(byName.results['a']!.series!.map(({ labels }) => labels['name'])).toEqual(
      [...new Set(spans.map(({ name }) => name))].sort().slice(0, 2),
    )
  })

  test.each([
    ['service.name', (span: TestSpan) => span.service],
    ['resource.host.name', (span: TestSpan) => span.host],
    ['host.name', (span: TestSpan) => span.host],
    ['http.method', (span: TestSpan) => span.strings['http.request.method'] ?? span.strings['http.method'] ?? ''],
    [
      'http.response.status_code',
      (span: TestSpan) => String(span.integers['http.response.status_code'] ?? span.integers['http.status_code'] ?? ''),
    ],
    ['user.id', (span: TestSpan) => span.strings['user.id'] ?? ''],
    ['attempt', (span: TestSpan) => String(span.integers['attempt'] ?? '')],
    ['retry', (span: TestSpan) => String(span.booleans['retry'] ?? '')],
    ['status', (span: TestSpan) => ['unset', 'ok', 'error'][span.status]!],
    ['kind', (span: TestSpan) => kinds[span.kind]!],
    ['nothing', () => ''],
  ])('grouped by %s', async (key, keyOf) => {
    const { results } = await ask({ a: { signal: 'spans', groupBy: [key], kind: 'scalar' } })
    const found = Object.fromEntries(results['a']!.series!.map(({ labels, value }) => [labels[key], value]))
    expect(found).toEqual(Object.fromEntries([...Map.groupBy(spans, keyOf)].map(([label, of]) => [label, of.length])))
  })
})

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

describe('logs', () => {
  const levelsOf: Record<string, (severity: number) => boolean> = {
    error: (severity) => severity >= 17 && severity <= 20,
    info: (severity) => severity >= 9 && severity <= 12,
    unset: (severity) => severity === 0,
  }
  test('are counted by level, service, words', async () => {
    const { results } = await ask({
      level: { signal: 'logs', groupBy: ['level'], kind: 'scalar' },
      words: { signal: 'logs', filter: 'timeout', kind: 'scalar' },
      rate: { signal: 'logs', aggregate: 'error_rate', kind: 'scalar' },
      plan: { signal: 'logs', filter: "plan = 'pro'", aggregate: 'uniq(service.name)', kind: 'scalar' },
    })
    for (const [level, matches] of Object.entries(levelsOf)) {
      const series = results['level']!.series!.find(({ labels }) => labels['level'] === level)
      expect(series?.value, level).toBe(logs.filter(({ severity }) => matches(severity)).length)
    }
    const value = (name: string) => results[name]!.series![0]!.value
    expect(value('words')).toBe(logs.filter(({ body }) => body.includes('timeout')).length)
    expect(value('rate')).toBeCloseTo(logs.filter(({ severity }) => severity >= 17).length / logs.length, 10)
    expect(value('plan')).toBe(
      new Set(logs.filter(({ strings }) => strings['plan'] === 'pro').map((log) => log.service)).size,
    )
  })
})

describe('formulas', () => {
  test('share of errors by route: what has no errors has 0', async () => {
    const by = { signal: 'spans', groupBy: ['http.route'], kind: 'scalar' }
    const { results, meta } = await ask(
      {
        a: { ...by, filter: 'status = error AND kind = client' },
        b: { ...by, filter: 'kind = client' },
        all: { signal: 'spans', kind: 'scalar' },
      },
      { formulas: { share: 'a / b * 100', of_all: 'share_of / 1', share_of: 'b / all' } },
    )
    const groups = Map.groupBy(
      spans.filter(({ kind }) => kind === 3),
      routeOf,
    )
    const share = results['share']!.series!
    expect(share).toHaveLength(groups.size)
    for (const { labels, value } of share) {
      const of = groups.get(labels['http.route']!)!
      expect(value).toBeCloseTo((of.filter(({ status }) => status === 2).length / of.length) * 100, 9)
    }
    const ofAll = results['of_all']!.series!
    expect(sum(ofAll.map(({ value }) => value!))).toBeCloseTo(
      sum([...groups.values()].map((of) => of.length)) / spans.length,
      9,
    )
    expect(Object.keys(meta.sources)).toContain('share')
  })

  test('over time, division by zero is null', async () => {
    const { results } = await ask(
      { a: { signal: 'spans', filter: 'status = error' }, b: { signal: 'spans' } },
      { formulas: { c: 'a / b' }, step: 60 },
    )
    for (const [index, [at, value]] of results['c']!.series![0]!.points.entries()) {
      const [a, b] = [results['a']!, results['b']!].map(({ series }) => series![0]!.points[index]![1]!)
      expect(at).toBe(results['b']!.series![0]!.points[index]![0])
      expect(value).toBe(b === 0 ? null : a! / b!)
    }
  })
})

test('compare asks the same a while earlier, and lays it over', async () => {
  const half = { from: end - 1_200_000, to: end }
  const query = { signal: 'spans', groupBy: ['service.name'], aggregate: 'count' }
  const { results } = await ask(
    { a: query },
    { ...half, step: 300, compare: 'previous', formulas: { double: 'a * 2' } },
  )
  const { compare, series } = results['a']!
  expect(compare).toMatchObject({ offsetSeconds: 1200, from: new Date(end - 2_400_000).toISOString() })
  expect(compare!.series!.map(({ labels }) => labels)).toEqual(series!.map(({ labels }) => labels))
  for (const { labels, points } of compare!.series!) {
    for (const [at, value] of points) {
      const earlier = at - 1_200_000
      const within = spans.filter(
        (span) => msOf(span) >= earlier && msOf(span) < Math.min(earlier + 300_000, end - 1_200_000),
      )
      expect(value).toBe(within.filter(({ service }) => service === labels['service.name']).length)
    }
  }
  expect(results['double']!.compare!.series![0]!.points[0]![1]).toBe(compare!.series![0]!.points[0]![1]! * 2)
})

test('a table has several aggregates, and can be ordered by any', async () => {
  const { results } = await ask({
    a: {
      signal: 'spans',
      kind: 'table',
      aggregate: ['count', 'p95(duration)', 'error_rate'],
      groupBy: ['name'],
      orderBy: 'p95(duration) asc',
      limit: 3,
    },
  })
  const { columns, rows } = results['a']!
  expect(columns.map(({ name, unit }) => [name, unit])).toEqual([
    ['name', undefined],
    ['count', undefined],
    ['p95(duration)', 'ms'],
    ['error_rate', '1'],
  ])
  expect(rows).toHaveLength(4)
  expect(rows!.at(-1)![0]).toBe('other')
  const sorted = rows!.slice(0, 3).map((row) => row[2] as number)
  expect(sorted).toEqual([...sorted].sort((a, b) => a - b))
  for (const [name, count, p95, errors] of rows!.slice(0, 3)) {
    const of = spans.filter((span) => span.name === name)
    expect(count).toBe(of.length)
    expect(p95).toBeCloseTo(percentile(of.map(durationOf), 95), 6)
    expect(errors).toBeCloseTo(of.filter(({ status }) => status === 2).length / of.length, 10)
  }
})

test.each([
  ['spans', 'kind != server', (span: TestSpan) => span.kind !== 2],
  ['red_service_1m', 'kind = server', (span: TestSpan) => span.kind === 2],
])('a distribution from %s holds every span in its band', async (source, filter, matches) => {
  const { results, meta } = await ask({ a: { signal: 'spans', kind: 'distribution', filter } }, { step: 600 })
  expect(meta.source).toBe(source)
  const of = spans.filter(matches)
  const { series } = results['a']!
  expect(sum(series!.flatMap(({ points }) => points.map(([, value]) => value!)))).toBe(of.length)
  for (const { low, high, points } of series!) {
    for (const [at, value] of points) {
      // The bands are of whole microseconds.
      const within = of.filter((span) => {
        const ms = Math.max(1, Math.floor(durationOf(span) * 1000)) / 1000
        return ms >= low! && ms < high! && Math.floor(msOf(span) / 600_000) * 600_000 === at
      })
      expect(value).toBe(within.length)
    }
  }
})

describe('a bad body is refused, naming what is at fault', () => {
  const spansOf = (query: object) => ({ queries: { a: { signal: 'spans', ...query } } })
  test.each<[object, object]>([
    [{ queries: {} }, { path: 'queries' }],
    [{ queries: { a: { signal: 'span' } } }, { path: 'queries.a.signal' }],
    [spansOf({ filter: 'a = ' }), { path: 'queries.a.filter', column: 5, hint: 'A value has to follow =' }],
    [spansOf({ filter: 'kind = servr' }), { path: 'queries.a.filter', column: 8, hint: 'Did you mean server?' }],
    [spansOf({ filter: "name REGEXP '('" }), { path: 'queries.a.filter', column: 13, hint: 'RE2 says: missing ): (' }],
    [spansOf({ aggregate: 'cuont' }), { path: 'queries.a.aggregate', column: 1, hint: 'Did you mean count?' }],
    [spansOf({ aggregate: 'p95' }), { path: 'queries.a.aggregate', hint: 'Such as p95(duration)' }],
    [spansOf({ aggregate: 'last(duration)' }), { path: 'queries.a.aggregate' }],
    [spansOf({ aggregate: ['count', 'rate'] }), { path: 'queries.a.aggregate' }],
    [spansOf({ orderBy: 'valeu desc' }), { path: 'queries.a.orderBy', hint: 'Did you mean value?' }],
    [spansOf({ fields: ['x'] }), { path: 'queries.a.fields' }],
    [spansOf({ groupby: ['x'] }), { path: 'queries.a.groupby' }],
    [spansOf({ kind: 'raw', cursor: 'x' }), { path: 'cursor' }],
    [
      { ...spansOf({}), formulas: { c: 'a / d' } },
      { path: 'formulas.c', column: 5, hint: 'Did you mean a?' },
    ],
    [{ ...spansOf({}), formulas: { c: 'd', d: 'c' } }, { path: 'formulas.d' }],
    [{ ...spansOf({}), formulas: { c: '1 + 1' } }, { path: 'formulas.c' }],
    [
      { ...spansOf({}), formulas: { c: 'a +' } },
      { path: 'formulas.c', column: 4 },
    ],
    [{ ...spansOf({}), step: 1, from: 'now-7d' }, { path: 'step' }],
    [{ ...spansOf({}), from: 'now', to: 'now-1h' }, { path: 'from' }],
    [{ queries: { a: { signal: 'metrics', aggregate: 'avg' } } }, { path: 'queries.a.metric' }],
  ])('%j', async (body, fault) => {
    expect(await problemOfPost(app, '/query', body)).toMatchObject({ code: 'VALIDATION_ERROR', errors: [fault] })
  })
})

test('what found nothing, and may be misspelt, is named', async () => {
  const { meta } = await ask({
    a: { signal: 'spans', filter: "service.name = 'video' AND statsu = error" },
    b: { signal: 'spans', kind: 'scalar', aggregate: 'avg(duratoin)' },
    c: { signal: 'spans', groupBy: ['http.rout'] },
    fine: { signal: 'spans', filter: "service.name = 'nobody' AND my.own.key = 1" },
    found: { signal: 'spans', filter: 'kind != server' },
  })
  expect(meta.warnings).toMatchObject([
    { path: 'queries.a.filter', column: 28, hint: 'Did you mean status?' },
    { path: 'queries.b.aggregate', column: 5, hint: 'Did you mean duration?' },
    { path: 'queries.c.groupBy', hint: 'Did you mean http.route?' },
  ])
})

test.each([
  [{ groupBy: ['name'] }, 1],
  [{ groupBy: ['name'], limit: 1 }, 2],
  [{ groupBy: ['name'], limit: 1, other: false }, 1],
  [{ kind: 'scalar' }, 1],
])('explain tells the SQL of %j, and what of the tables was read', async (query, count) => {
  const filter = "service.name = 'video'"
  const body = { ...range, queries: { a: { signal: 'spans', filter, ...query } } }
  const { queries } = explainAnswer.parse(await post(app, '/query/explain', body))
  expect(queries['a']).toHaveLength(count)
  for (const { sql, parameters, rowsRead, reads } of queries['a']!) {
    expect(sql).not.toContain('video')
    expect(Object.values(parameters)).toContain('video')
    expect(rowsRead).toBeGreaterThan(0)
    expect(reads).toContainEqual(expect.objectContaining({ table: 'spans', parts: 1, granules: 1 }))
  }
})
