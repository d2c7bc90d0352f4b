import {
  type FieldKeysResponse,
  type FieldValuesResponse,
  fieldKeysResponse,
  fieldValuesResponse,
} from '@burstlet/contract/fields'
import { describe, expect, test } from 'vitest'
import { sampleNewest } from '../src/features/fields/sample.ts'
import { startedApi } from './engine-and-api.ts'
import { insertLogs, randomLogs, type TestLog } from './rows/logs.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { receivedNow } from './rows/times.ts'
import { get, problemOf } from './test-api.ts'
import { testContext } from './test-context.ts'

const end = Date.now() - 60_000
const spans = randomTraces(300, end)
const logs = randomLogs(200, end)
const api = startedApi(async (engine) => {
  await insertSpans(engine, spans)
  await insertLogs(engine, logs)
  const series = { space: 'default', received: receivedNow(), type: 1, service: 'video', res_hash: '1' }
  await engine.insert('metric_series', [
    { ...series, name: 'queue', fingerprint: '1', attr_s: { queue: 'a' }, attr_i: { shard: '3' } },
    { ...series, name: 'queue', fingerprint: '2', attr_s: { queue: 'b' } },
    { ...series, name: 'heap', fingerprint: '3' },
  ])
})

const keys = async (query: object): Promise<FieldKeysResponse> =>
  fieldKeysResponse.parse(await get(api.app, '/fields/keys', { ...query }))
const values = async (query: object): Promise<FieldValuesResponse> =>
  fieldValuesResponse.parse(await get(api.app, '/fields/values', { ...query }))

const has = (key: string) => (span: TestSpan) =>
  key in span.strings || key in span.integers || key in span.doubles || key in span.booleans

describe('keys of spans', () => {
  test.each([
    ['', spans],
    [
      "service.name = 'video' AND status = error",
      spans.filter(({ service, status }) => service === 'video' && status === 2),
    ],
  ])('under %j', async (filter, of) => {
    const { items, sampled } = await keys({ signal: 'spans', filter })
    expect(sampled).toMatchObject({ complete: true, rows: of.length })
    const attributes = items.filter(({ source }) => source === 'attribute')
    const expected = new Set(
      of.flatMap((span) => [span.strings, span.integers, span.doubles, span.booleans].flatMap(Object.keys)),
    )
    expect(attributes.map(({ key }) => key).sort()).toEqual([...expected].sort())
    for (const { key, count } of attributes) expect(count, key).toBe(of.filter(has(key)).length)
    expect(attributes.find(({ key }) => key === 'attempt')?.type).toBe('number')
    expect(attributes.find(({ key }) => key === 'retry')?.type).toBe('boolean')
    expect(items).toContainEqual({ key: 'resource.host.name', type: 'string', source: 'resource', count: of.length })
    expect(items).toContainEqual({ key: 'duration', type: 'number', source: 'field', count: of.length })
    expect(items.map(({ count }) => count)).toEqual(items.map(({ count }) => count).sort((a, b) => b - a))
  })

  test('are searched', async () => {
    const { items } = await keys({ signal: 'spans', search: 'HTTP.ro' })
    expect(items.map(({ key }) => key)).toEqual(['http.route'])
  })
})

test('keys of logs', async () => {
  const { items, sampled } = await keys({ signal: 'logs', filter: "service.name = 'video'" })
  const of = logs.filter(({ service }) => service === 'video')
  expect(sampled).toMatchObject({ complete: true, rows: of.length })
  const attributes = items.filter(({ source }) => source === 'attribute')
  const count = (has: (log: TestLog) => boolean) => of.filter(has).length
  expect(Object.fromEntries(attributes.map(({ key, type, count }) => [key, { type, count }]))).toEqual({
    plan: { type: 'string', count: count(({ strings }) => 'plan' in strings) },
    tries: { type: 'number', count: count(({ integers }) => 'tries' in integers) },
    balance: { type: 'number', count: count(({ doubles }) => 'balance' in doubles) },
  })
  expect(items).toContainEqual({
    key: 'resource.deployment.environment.name',
    type: 'string',
    source: 'resource',
    count: of.length,
  })
  expect(items).toContainEqual({ key: 'level', type: 'string', source: 'field', count: of.length })
})

describe('values', () => {
  const count = <Item>(of: readonly Item[], textOf: (item: Item) => string | number | undefined) => {
    const groups = Map.groupBy(
      of.filter((item) => textOf(item) !== undefined),
      (item) => String(textOf(item)),
    )
    return Object.fromEntries([...groups].map(([value, found]) => [value, found.length]))
  }
  const found = ({ items }: FieldValuesResponse) => Object.fromEntries(items.map((item) => [item.value, item.count]))

  test('of spans, under a filter, old and new names as one', async () => {
    expect(found(await values({ signal: 'spans', key: 'service.name' }))).toEqual(
      count(spans, ({ service }) => service),
    )
    expect(found(await values({ signal: 'spans', key: 'http.method', filter: 'status = error' }))).toEqual(
      count(
        spans.filter(({ status }) => status === 2),
        ({ strings }) => strings['http.method'] ?? strings['http.request.method'],
      ),
    )
    expect(found(await values({ signal: 'spans', key: 'attempt' }))).toEqual(
      count(spans, ({ integers }) => integers['attempt']),
    )
    expect(found(await values({ signal: 'spans', key: 'host.name' }))).toEqual(count(spans, ({ host }) => host))
    expect(found(await values({ signal: 'spans', key: 'user.id', search: 'U1' }))).toEqual(
      count(
        spans.filter(({ strings }) => strings['user.id'] === 'u1'),
        ({ strings }) => strings['user.id'],
      ),
    )
    expect((await values({ signal: 'spans', key: 'url.full', limit: 3 })).items).toHaveLength(3)
  })

  test('of logs and metrics', async () => {
    expect(found(await values({ signal: 'logs', key: 'plan' }))).toEqual(count(logs, ({ strings }) => strings['plan']))
    expect(found(await values({ signal: 'logs', key: 'level', filter: 'service.name = video' }))).toMatchObject({
      info: logs.filter(({ service, severity }) => service === 'video' && severity >= 9 && severity <= 12).length,
    })
    expect(found(await values({ signal: 'metrics', key: 'queue' }))).toEqual({ a: 1, b: 1 })
    expect(found(await values({ signal: 'metrics', key: 'name' }))).toEqual({ queue: 2, heap: 1 })
    expect(found(await values({ signal: 'metrics', key: 'host.name', metric: 'queue' }))).toEqual({ h1: 2 })
    const described = await keys({ signal: 'metrics', filter: "name = 'queue'" })
    expect(described.items).toContainEqual({ key: 'shard', type: 'number', source: 'attribute', count: 1 })
    expect(described.sampled).toMatchObject({ complete: true, rows: 2 })
  })
})

test('more rows than a sample has are thinned out evenly, and counted up again', async () => {
  await api.engine.writer.command({
    query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind)
            SELECT 'many', now(), ['a', 'b', 'c', 'd'][number % 4 + 1], now64(9) - toIntervalSecond(number % 3000), 1, 'weighted-0000000', leftPad(toString(number), 8, '0'), 'x', 2 FROM numbers(40000)`,
  })
  const context = testContext(api.engine.reader, { space: 'many' })
  const range = { from: Date.now() - 3_600_000, to: Date.now() + 1000 }
  const { rows, sampled } = await sampleNewest<{ service: string; n: string; found: number }>(
    context,
    { signal: 'spans', filter: undefined, metric: undefined, range, rows: 6000 },
    ({ fields, where, weight }) =>
      `SELECT ${fields.text('service')} AS service, count() AS n, sum(${weight}) AS found FROM ${fields.from} WHERE ${where} GROUP BY service`,
    (read) => read.reduce((sum, { n }) => sum + Number(n), 0),
  )
  expect(sampled.complete).toBe(false)
  expect(sampled.rows).toBeGreaterThan(4000)
  const byService = Map.groupBy(rows, ({ service }) => service)
  expect([...byService.keys()].sort()).toEqual(['a', 'b', 'c', 'd'])
  const seconds = (range.to - Date.parse(sampled.from)) / 1000
  for (const [service, of] of byService) {
    const estimate = of.reduce((sum, { found }) => sum + found, 0)
    expect(Math.abs(estimate / ((seconds * 40_000) / 3000 / 4) - 1), service).toBeLessThan(0.25)
  }
})

test.each([
  [{}, 'signal'],
  [{ signal: 'spans', filter: 'a >' }, 'filter'],
  [{ signal: 'spans', keys: 'a' }, 'keys'],
])('%j is refused, naming %s', async (query, path) => {
  expect(await problemOf(api.app, '/fields/keys', query)).toMatchObject({
    code: 'VALIDATION_ERROR',
    errors: [{ path }],
  })
})
