import type { QuerySeries } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import {
  durationOf,
  end,
  kinds,
  logs,
  mean,
  msOf,
  percentile,
  queryApi,
  range,
  routeOf,
  spans,
  sum,
} from './query-api.ts'
import type { TestSpan } from './rows/spans.ts'

const api = queryApi()

describe('over time', () => {
  test('every bucket has its point; a count of nothing is 0', async () => {
    const { results, meta } = await api.ask({ a: { signal: 'spans', aggregate: 'count' } }, { step: 60 })
    const [series] = results['a']!.series!
    expect(series!.points).toHaveLength(40)
    for (const [at, value] of series!.points) {
      expect(value).toBe(spans.filter((span) => Math.floor(msOf(span) / 60_000) * 60_000 === at).length)
    }
    expect(meta).toMatchObject({ source: 'spans', stepSeconds: 60, sources: { a: 'spans' } })
    expect(meta.rowsRead).toBeGreaterThanOrEqual(spans.length)
    expect(meta.bytesRead).toBeGreaterThan(0)
  })

  test.each<[string, number | null, (of: readonly TestSpan[]) => number]>([
    ['avg(duration)', null, (of) => mean(of.map(durationOf))],
    ['max(duration)', null, (of) => Math.max(...of.map(durationOf))],
    ['p90(duration)', null, (of) => percentile(of.map(durationOf), 90)],
    ['error_rate', null, (of) => of.filter(({ status }) => status === 2).length / of.length],
    ['sum(attempt)', 0, (of) => sum(of.map(({ integers }) => integers['attempt'] ?? 0))],
    ['uniq(user.id)', 0, (of) => new Set(of.flatMap(({ strings }) => strings['user.id'] ?? [])).size],
  ])('%s of every group in every bucket', async (aggregate, empty, compute) => {
    const { results } = await api.ask({ a: { signal: 'spans', aggregate, groupBy: ['name'] } }, { step: 300 })
    expect(results['a']!.series).toHaveLength(5)
    for (const { labels, points } of results['a']!.series!) {
      for (const [at, value] of points) {
        const of = spans.filter(
          (span) => span.name === labels['name'] && Math.floor(msOf(span) / 300_000) * 300_000 === at,
        )
        if (of.length === 0) expect(value).toBe(empty)
        else expect(value).toBeCloseTo(compute(of), 6)
      }
    }
  })

  test('of logs: by group, the largest, and what is beyond as other', async () => {
    const query = { signal: 'logs', groupBy: ['service.name', 'plan'], filter: 'level >= info', limit: 4 }
    const { results } = await api.ask({ a: query }, { step: 600 })
    const found = logs.filter(({ severity }) => severity >= 9)
    const groups = Map.groupBy(found, ({ service, strings }) => [service, strings['plan'] ?? ''].join('|'))
    const { series } = results['a']!
    const kept = series!.slice(0, 4).map(({ labels }) => [labels['service.name'], labels['plan']].join('|'))
    const sizes = [...groups.values()].map(({ length }) => length).sort((a, b) => b - a)
    expect(kept.map((key) => groups.get(key)!.length)).toEqual(sizes.slice(0, 4))
    expect(series!.map(({ other }) => other)).toEqual([undefined, undefined, undefined, undefined, true])
    for (const [index, { points }] of series!.entries()) {
      const own = [...groups].filter(([key]) => (index < 4 ? key === kept[index] : !kept.includes(key)))
      for (const [at, value] of points) {
        const within = own
          .flatMap(([, of]) => of)
          .filter(({ timeNs }) => Math.floor(Number(timeNs / 1_000_000n) / 600_000) * 600_000 === at)
        expect(value).toBe(within.length)
      }
    }
  })

  test('rates of a bucket that the range cuts are over the part of it', async () => {
    const from = range.from + 30_000
    const { results } = await api.ask({ a: { signal: 'spans', aggregate: 'rate' } }, { step: 60, from })
    const [at, value] = results['a']!.series![0]!.points[0]!
    const within = spans.filter((span) => msOf(span) >= from && msOf(span) < range.from + 60_000)
    expect(at).toBe(range.from)
    expect(value).toBeCloseTo(within.length / 30, 10)
  })

  test('by group: the largest, and what is beyond as other', async () => {
    const query = { signal: 'spans', aggregate: 'count', groupBy: ['http.route', 'kind'], limit: 3 }
    const { results } = await api.ask({ a: query, b: { ...query, other: false } }, { step: 300 })
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
    const { results } = await api.ask({ a: query }, { step: 600 })
    const totals = results['a']!.series!.map(({ points }) => sum(points.map(([, value]) => value!)))
    expect(totals).toEqual([1, 1, spans.length - 2])
  })

  test('other is not an average of averages', async () => {
    const { results } = await api.ask({
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
    const { results } = await api.ask({
      a: { signal: 'spans', aggregate: 'avg(duration)', groupBy: ['name'], orderBy, kind: 'scalar' },
    })
    const values = results['a']!.series!.map(({ value }) => value!)
    expect(values).toHaveLength(5)
    expect(values).toEqual([...values].sort(order))
    const byName = await api.ask({
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
    const { results } = await api.ask({ a: { signal: 'spans', groupBy: [key], kind: 'scalar' } })
    const found = Object.fromEntries(results['a']!.series!.map(({ labels, value }) => [labels[key], value]))
    expect(found).toEqual(Object.fromEntries([...Map.groupBy(spans, keyOf)].map(([label, of]) => [label, of.length])))
  })
})

describe('formulas', () => {
  test('share of errors by route: what has no errors has 0', async () => {
    const by = { signal: 'spans', groupBy: ['http.route'], kind: 'scalar' }
    const { results, meta } = await api.ask(
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
    const { results } = await api.ask(
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
  const { results } = await api.ask(
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
  const { results } = await api.ask({
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
