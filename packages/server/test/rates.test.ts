import type { Point } from '@burstlet/contract/common'
import type { ApplicationResponse } from '@burstlet/contract/metrics'
import type { OverviewResponse } from '@burstlet/contract/overview'
import type { QueryResponse } from '@burstlet/contract/query'
import type { ServiceResponse, ServicesResponse } from '@burstlet/contract/services'
import { expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { Random } from './rows/random.ts'
import { insertSpans, type TestSpan } from './rows/spans.ts'
import { nsOfMs } from './rows/times.ts'
import { get, post } from './test-api.ts'

const minute = 60_000
const step = 300
const now = Date.now()
/** The beginning of a bucket; four hours are as many as make the first page choose the same step. */
const begin = Math.floor(now / step / 1000) * step * 1000 - 240 * minute
const random = new Random(12)
/** Requests of one service, at any time of them. */
const times = Array.from({ length: 4000 }, () => begin + random.whole(now - begin))
const api = startedApi(async (engine) => {
  await insertSpans(
    engine,
    times.map(
      (at, index): TestSpan => ({
        traceId: `rates-${String(index).padStart(10, '0')}`,
        spanId: String(index).padStart(8, '0'),
        parentId: '',
        service: 'steady',
        name: 'GET /',
        kind: 2,
        status: 0,
        startNs: nsOfMs(at),
        durationNs: 1_000_000n,
        host: 'h1',
        strings: {},
        integers: {},
        doubles: {},
        booleans: {},
      }),
    ),
  )
})

interface Asked {
  readonly from: number
  readonly to: number
}

/** Epoch ms before a question was sent and after it was answered. */
type Between = readonly [before: number, after: number]

async function timed<Answer>(ask: () => Promise<Answer>): Promise<[Answer, Between]> {
  const before = Date.now()
  const answer = await ask()
  return [answer, [before, Date.now()]]
}

/** Requests between two times, by the seconds of them that were over before, and after, the question. */
function expectRate(found: number | null, [from, to]: readonly [number, number], [before, after]: Between): void {
  const count = times.filter((at) => at >= from && at < to).length
  const seconds = (until: number) => (Math.min(to, until) - from) / 1000
  if (count === 0) {
    expect(found).toBe(0)
    return
  }
  // A bucket that is over has one rate; of one that goes on it depends on when it was asked.
  expect(found).toBeGreaterThanOrEqual(count / seconds(after) - 1e-9)
  if (seconds(before) > 0) expect(found).toBeLessThanOrEqual(count / seconds(before) + 1e-9)
}

function expectRates(points: readonly Point[], { from, to }: Asked, between: Between): void {
  expect(points.length).toBeGreaterThan(2)
  for (const [at, rate] of points) {
    expectRate(rate, [Math.max(at, from), Math.min(at + step * 1000, to)], between)
  }
}

/** RED is counted by the minute: those that a range cuts count whole. */
const inMinutes = ({ from, to }: Asked): Asked => ({
  from: Math.floor(from / minute) * minute,
  to: Math.ceil(to / minute) * minute,
})

// In the middle of a bucket, and of a minute.
const from = begin + 2 * minute + 19_000
const ranges: [string, () => Asked][] = [
  ['until now', () => ({ from, to: Date.now() })],
  ['into the future', () => ({ from, to: now + 20 * minute })],
  ['in the past, with a cut end', () => ({ from, to: begin + 233 * minute + 47_000 })],
]

test.each(ranges)('RED of a range %s has the rate of each bucket over the time that it covers', async (_, rangeOf) => {
  const range = rangeOf()
  const counted = inMinutes(range)
  const [service, ofService] = await timed(() =>
    get<ServiceResponse>(api.app, '/services/steady', { ...range, interval: step }),
  )
  expectRates(service.series.requestRate, counted, ofService)
  expectRate(service.requestRate, [counted.from, counted.to], ofService)
  expectRate(service.endpoints[0]!.requestRate, [counted.from, counted.to], ofService)

  const [list, ofList] = await timed(() => get<ServicesResponse>(api.app, '/services', { ...range }))
  expectRate(list.items[0]!.requestRate, [counted.from, counted.to], ofList)

  const [overview, ofOverview] = await timed(() => get<OverviewResponse>(api.app, '/overview', { ...range }))
  expect(overview.intervalSeconds).toBe(step)
  expectRates(overview.series.requestRate, counted, ofOverview)
  expectRates(overview.services[0]!.series.requestRate, counted, ofOverview)
  expectRate(overview.requestRate, [counted.from, counted.to], ofOverview)
  expectRate(overview.services[0]!.requestRate, [counted.from, counted.to], ofOverview)

  const [application, ofApplication] = await timed(() =>
    get<ApplicationResponse>(api.app, '/metrics', { ...range, category: 'application', interval: step }),
  )
  const points = application.items.map(({ timestamp, requests }): Point => [Date.parse(timestamp), requests.rate])
  expectRates(points, counted, ofApplication)
})

test.each([
  ['from the rollup', 'kind = server'],
  ['from the spans', "name = 'GET /'"],
])('POST /query %s does, over the range as it was asked for', async (_, filter) => {
  for (const [, rangeOf] of ranges) {
    const range = rangeOf()
    const ask = (kind: string) =>
      timed(() =>
        post<QueryResponse>(api.app, '/query', {
          ...range,
          step,
          queries: { a: { signal: 'spans', aggregate: 'rate', kind, filter } },
        }),
      )
    const [overTime, ofSeries] = await ask('time_series')
    expectRates(overTime.results['a']!.series![0]!.points, range, ofSeries)
    const [whole, ofWhole] = await ask('scalar')
    expectRate(whole.results['a']!.series![0]!.value!, [range.from, range.to], ofWhole)
  }
})
