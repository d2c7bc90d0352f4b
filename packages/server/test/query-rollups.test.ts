import { queryBody } from '@burstlet/contract/query'
import { beforeAll, expect, test } from 'vitest'
import { runQuery } from '../src/features/query/run.ts'
import type { QueryContext } from '../src/querying/context/query-context.ts'
import { rounded } from './answered.ts'
import { startedEngine } from './engine-and-api.ts'
import { Random } from './rows/random.ts'
import { insertSpans, randomTraces, rowOf, type TestSpan } from './rows/spans.ts'
import { testContext } from './test-context.ts'

const minute = 60_000
const end = Math.floor(Date.now() / minute) * minute - 17_000
const spans = randomTraces(500, end)
const services = [...new Set(spans.map(({ service }) => service))]
const weights = new Map<TestSpan, number>()
const started = startedEngine()
let context: QueryContext

/** A block of spans under a token, as the inserter sends it; an answer that was lost is followed by the same again. */
async function insertBlock(block: readonly TestSpan[], token: string, times: number): Promise<void> {
  for (let each = 0; each < times; each++) {
    await started.engine.writer.insert({
      table: 'spans',
      values: block.map((span) => ({ ...rowOf(span, services), adjusted_count: weights.get(span) ?? 1 })),
      format: 'JSONEachRow',
      clickhouse_settings: {
        insert_deduplication_token: token,
        deduplicate_blocks_in_dependent_materialized_views: 1,
      },
    })
  }
}

beforeAll(async () => {
  context = testContext(started.engine.reader)
  const random = new Random(21)
  for (const span of spans) if (random.chance(0.3)) weights.set(span, random.of([2, 4, 10, 2.5]))
  await insertSpans(started.engine, [])
  // Out of order, in blocks of any size, some sent again; a tenth came twice from its client and counts twice.
  const shuffled = [...spans, ...spans.filter(() => random.chance(0.1))].sort(() => random.next() - 0.5)
  for (let at = 0, block = 0; at < shuffled.length; block++) {
    const size = 1 + random.whole(120)
    await insertBlock(shuffled.slice(at, at + size), `block-${block}`, random.chance(0.3) ? 2 : 1)
    at += size
  }
})

const kinds = [
  'kind = server',
  'kind IN (server, consumer)',
  'kind = client',
  'NOT kind IN (0, 1, 4)',
  'kind = 2 OR kind = 5',
]
const filters = [
  '',
  " AND service.name = 'video'",
  " AND service.name IN ('video', 'worker')",
  " AND name = 'GET /videos/:id'",
  " AND http.route LIKE '/v%'",
  " AND NOT http.request.method = 'GET'",
  ' AND http.route EXISTS',
  " AND (service.name = 'gateway' OR name CONTAINS 'QUERY')",
]
const groupings = [[], ['service.name'], ['http.route'], ['name', 'kind'], ['http.method', 'service.name']]
const aggregates = [
  'count',
  'rate',
  'error_rate',
  'sum(duration)',
  'avg(duration)',
  'max(duration)',
  'p50(duration)',
  'p95(duration)',
  'p99.9(duration)',
]

function randomBody(random: Random) {
  const aligned = (at: number) => (random.chance(0.4) ? Math.floor(at / minute) * minute : at)
  const from = aligned(end - 2_500_000 + random.whole(2_000_000))
  return queryBody.parse({
    from,
    to: Math.max(from + 1, aligned(from + random.whole(end - from))),
    step: random.of([60, 120, 300, 600]),
    compare: random.chance(0.2) ? 'previous' : undefined,
    queries: {
      a: {
        signal: 'spans',
        kind: random.of(['time_series', 'scalar', 'table', 'distribution']),
        filter: `${random.of(kinds)}${random.of(filters)}`.replace(/^(.* OR .*?)( AND .*)$/, '($1)$2'),
        aggregate: random.of(aggregates),
        groupBy: random.of(groupings),
        limit: random.of([1, 3, 100]),
      },
    },
  })
}

test('a rollup gives the answer of the spans, whatever is asked', async () => {
  const random = new Random(4)
  const sources: string[] = []
  for (let round = 0; round < 80; round++) {
    const body = randomBody(random)
    const { kind, aggregate } = body.queries['a']!
    if (kind === 'distribution') Object.assign(body.queries['a']!, { aggregate: 'p50(duration)', groupBy: [] })
    const [rolled, raw] = await Promise.all([runQuery(context, body), runQuery(context, body, { rollups: false })])
    sources.push(rolled.meta.source)
    expect(raw.meta.source).toBe('spans')
    // Sums of floats in another order differ in their last digits.
    expect(rounded(rolled.results), `${aggregate}: ${JSON.stringify(body)}`).toEqual(rounded(raw.results))
  }
  expect(new Set(sources)).toEqual(
    new Set(['red_1m', 'red_service_1m', 'red_1m + spans', 'red_service_1m + spans', 'spans']),
  )
})

test('counts and sums are those of the rows, computed apart from SQL', async () => {
  const from = Math.floor((end - 2_000_000) / minute) * minute
  const body = queryBody.parse({
    from,
    to: from + 30 * minute,
    queries: {
      a: {
        signal: 'spans',
        kind: 'table',
        aggregate: ['count', 'error_rate', 'max(duration)', 'p95(duration)'],
        filter: 'kind = server',
        groupBy: ['service.name'],
      },
    },
  })
  const { results, meta } = await runQuery(context, body)
  expect(meta.source).toBe('red_service_1m')
  const stored = await started.engine.everything.query<{
    service: string
    ns: string
    status: number
    weight: number
    ms: number
  }>({
    sql: `SELECT service, toString(duration) AS ns, status, toFloat64(adjusted_count) AS weight, toUnixTimestamp64Milli(start) AS ms FROM spans WHERE kind = 2`,
  })
  const within = stored.filter(({ ms }) => Number(ms) >= from && Number(ms) < from + 30 * minute)
  const groups = Map.groupBy(within, ({ service }) => service)
  expect(results['a']!.rows).toHaveLength(groups.size)
  for (const [service, count, errorRate, longest, p95] of results['a']!.rows as [
    string,
    number,
    number,
    number,
    number,
  ][]) {
    const rows = groups.get(service)!.sort((a, b) => Number(a.ns) - Number(b.ns))
    const total = rows.reduce((sum, { weight }) => sum + weight, 0)
    expect(count).toBeCloseTo(total, 6)
    expect(errorRate).toBeCloseTo(
      rows.filter(({ status }) => status === 2).reduce((sum, { weight }) => sum + weight, 0) / total,
      9,
    )
    expect(longest).toBeCloseTo(Number(rows.at(-1)!.ns) / 1e6, 2)
    let seen = 0
    const exact = rows.find(({ weight }) => {
      seen += weight
      return seen >= total * 0.95
    })!
    expect(Math.abs(p95 / (Number(exact.ns) / 1e6) - 1)).toBeLessThan(0.0443)
  }
})

test.each([
  ['service.name = video', {}],
  ['kind = server AND status = error', {}],
  ['kind = server', { groupBy: ['user.id'] }],
  ['kind = server', { aggregate: 'min(duration)' }],
  ['kind = server OR name = query', {}],
  ['kind != internal', {}],
  ['kind = server AND query', {}],
  ["kind = server AND http.route = ''", {}],
])('%s %j is not asked of a rollup', async (filter, rest) => {
  const body = queryBody.parse({ queries: { a: { signal: 'spans', kind: 'scalar', filter, ...rest } } })
  expect((await runQuery(context, body)).meta.source).toBe('spans')
})
