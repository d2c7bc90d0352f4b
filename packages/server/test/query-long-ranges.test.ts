import { type QueryBody, queryBody } from '@burstlet/contract/query'
import { beforeAll, expect, test } from 'vitest'
import { runPass } from '../src/background/rollups/pass.ts'
import { redHoursRollup } from '../src/background/rollups/red-hours.ts'
import { runQuery } from '../src/features/query/run.ts'
import type { QueryContext } from '../src/querying/context/query-context.ts'
import { rounded } from './answered.ts'
import { startedEngine } from './engine-and-api.ts'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { Random } from './rows/random.ts'
import { insertSpans, randomTraces } from './rows/spans.ts'
import { testContext } from './test-context.ts'

const minute = 60_000
const hour = 60 * minute
const now = Date.now()
/** In the middle of an hour and of a minute. */
const end = Math.floor(now / hour) * hour - 1_234_567
const hoursAgo = [0, 1, 2, 5, 6, 13, 14, 30, 53]
const spans = hoursAgo.flatMap((ago, index) => randomTraces(40, end - ago * hour, index + 1))
const logs = hoursAgo.flatMap((ago, index) => randomLogs(80, end - ago * hour, index + 1))
const started = startedEngine()
let context: QueryContext

const pass = (at: number) =>
  runPass(started.engine.writer, { rollup: redHoursRollup, retention: { traces: 7, logs: 7 }, now: at, catchUp: true })

beforeAll(() => {
  const { reader } = started.engine
  context = testContext(reader)
})

/** Any range of the last days, with ends on the hour, on the minute, or anywhere. */
function randomRange(random: Random, longest: number): { from: number; to: number } {
  const aligned = (at: number) => {
    const unit = random.of([hour, minute, 1])
    return Math.floor(at / unit) * unit
  }
  const to = aligned(end + 2 * minute - random.whole(10 * hour))
  return { from: aligned(to - longest / 8 - random.whole(longest)), to }
}

async function expectRaw(body: QueryBody): Promise<string> {
  const [rolled, raw] = await Promise.all([runQuery(context, body), runQuery(context, body, { rollups: false })])
  expect(raw.meta.source).toMatch(/^(spans|logs)$/)
  // Sums of floats in another order differ in their last digits.
  expect(rounded(rolled.results), JSON.stringify(body)).toEqual(rounded(raw.results))
  return rolled.meta.source
}

function randomSpansBody(random: Random): QueryBody {
  const kind = random.of(['time_series', 'scalar', 'table', 'distribution'] as const)
  return queryBody.parse({
    ...randomRange(random, 60 * hour),
    step: random.of([3600, 3600, 7200, 21_600, 600]),
    compare: random.chance(0.2) ? random.of(['previous', '1d']) : undefined,
    queries: {
      a: {
        signal: 'spans',
        kind,
        filter: `kind IN (server, consumer)${random.of(['', " AND service.name = 'video'", " AND http.route LIKE '/v%'"])}`,
        aggregate: random.of(['count', 'error_rate', 'rate', 'avg(duration)', 'max(duration)', 'p95(duration)']),
        groupBy: kind === 'distribution' ? [] : random.of([[], ['service.name'], ['http.route', 'kind']]),
        limit: random.of([2, 100]),
      },
    },
  })
}

test('spans: hours where they are up to date, minutes and spans elsewhere, and always the answer of the spans', async () => {
  const random = new Random(3)
  // In any order; a third of them after the hours were computed, which are read by the minute then.
  const shuffled = spans.toSorted(() => random.next() - 0.5)
  const third = Math.ceil(shuffled.length / 3)
  await insertSpans(started.engine, shuffled.slice(0, 2 * third))
  await pass(now)
  const some = shuffled.slice(2 * third).filter(({ startNs }) => Number(startNs / 1_000_000n) < end - 10 * hour)
  await insertSpans(started.engine, some)
  const sources = new Set<string>()
  for (let round = 0; round < 8; round++) sources.add(await expectRaw(randomSpansBody(random)))
  await insertSpans(
    started.engine,
    shuffled.slice(2 * third).filter((span) => !some.includes(span)),
  )
  await pass(now + 3 * 86_400_000)
  for (let round = 0; round < 16; round++) sources.add(await expectRaw(randomSpansBody(random)))
  expect([...sources]).toEqual(
    expect.arrayContaining([
      'red_1h + red_1m + spans',
      'red_service_1h + red_service_1m + spans',
      'red_1m + spans',
      'red_service_1h + red_service_1m',
    ]),
  )
  const whole = { from: Math.floor(end / hour) * hour - 40 * hour, to: Math.floor(end / hour) * hour }
  const body = queryBody.parse({
    ...whole,
    step: 3600,
    queries: { a: { signal: 'spans', filter: 'kind = server', groupBy: ['service.name'] } },
  })
  expect(await expectRaw(body)).toMatch(/^red_service_1h/)
  expect((await runQuery(context, body)).results['a']!.series!.flatMap(({ points }) => points).length).toBeGreaterThan(
    40,
  )
})

const levels = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']
const levelOf = (severity: number) => levels[Math.min(Math.floor((severity + 3) / 4), 6)]!

test('logs: counts by minute, service and level give the answer of the records', async () => {
  await insertLogs(started.engine, logs)
  const random = new Random(8)
  const sources = new Set<string>()
  for (let round = 0; round < 18; round++) {
    const body = queryBody.parse({
      ...randomRange(random, 60 * hour),
      step: random.of([60, 600, 3600]),
      compare: random.chance(0.2) ? 'previous' : undefined,
      queries: {
        a: {
          signal: 'logs',
          kind: random.of(['time_series', 'scalar', 'table']),
          filter: random.of([
            undefined,
            'level >= warn',
            "service.name = 'video'",
            'level IN (info, fatal)',
            "NOT level = unset AND service.name LIKE '%e%'",
            'level < error',
            'level EXISTS',
            "level != debug OR service.name IN ('worker')",
          ]),
          aggregate: random.of(['count', 'rate', 'error_rate']),
          groupBy: random.of([[], ['level'], ['service.name'], ['service.name', 'level']]),
          limit: random.of([2, 100]),
        },
      },
    })
    if (rangeMinutes(body) < 11_000) sources.add(await expectRaw(body))
  }
  expect([...sources]).toEqual(expect.arrayContaining(['log_levels_1m', 'log_levels_1m + logs']))

  const range = { from: end - 20 * hour, to: end + minute }
  const body = queryBody.parse({
    ...range,
    kind: 'table',
    queries: { a: { signal: 'logs', filter: 'level >= warn', groupBy: ['level', 'service.name'] } },
  })
  const { results, meta } = await runQuery(context, body)
  expect(meta.source).toBe('log_levels_1m + logs')
  const found = logs.filter(({ timeNs, severity }) => {
    const at = Number(timeNs / 1_000_000n)
    return severity >= 13 && at >= range.from && at < range.to
  })
  const expected = Map.groupBy(found, ({ severity, service }) => `${levelOf(severity)} ${service}`)
  expect(new Map(results['a']!.rows!.map(([level, service, count]) => [`${level} ${service}`, count]))).toEqual(
    new Map([...expected].map(([key, records]) => [key, records.length])),
  )
})

function rangeMinutes({ from, to, step }: QueryBody): number {
  return (Number(to) - Number(from)) / 1000 / (step ?? 60)
}

test.each([['severity = 9'], ['level >= 13'], ["body CONTAINS 'refused'"], ['refused'], ["plan = 'pro'"]])(
  'of logs with %s the records are asked',
  async (filter) => {
    const body = queryBody.parse({ from: now - 30 * hour, kind: 'scalar', queries: { a: { signal: 'logs', filter } } })
    expect((await runQuery(context, body)).meta.source).toBe('logs')
  },
)
