import type { LogsHistogramResponse } from '@burstlet/contract/logs'
import type { ApplicationResponse } from '@burstlet/contract/metrics'
import type { OverviewResponse } from '@burstlet/contract/overview'
import type { ServiceResponse, ServicesResponse } from '@burstlet/contract/services'
import { expect, test } from 'vitest'
import { activityRollup } from '../src/background/rollups/activity.ts'
import { activityHoursRollup } from '../src/background/rollups/activity-hours.ts'
import { rollupJob } from '../src/background/rollups/job.ts'
import { runPass } from '../src/background/rollups/pass.ts'
import { redHoursRollup, redTensRollup } from '../src/background/rollups/red-hours.ts'
import { coveredSeconds, wholeMinutes } from '../src/querying/time/time-range.ts'
import { startedApi } from './engine-and-api.ts'
import { freeLease } from './free-lease.ts'
import { insertLogs, randomLogs } from './rows/logs.ts'
import { Random } from './rows/random.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { get } from './test-api.ts'

const hour = 3_600_000
const now = Date.now()
/** Ends in the middle of an hour and of a minute, so that every range has a beginning and an end that no rollup has. */
const end = Math.floor(now / hour) * hour - 1_234_567
const random = new Random(21)
// Spread over two days and more, thick in some hours and absent in others.
const spans = Array.from({ length: 7 }, (_, index) => randomTraces(40, end - index * index * hour, index + 1)).flat()
const logs = Array.from({ length: 4 }, (_, index) => randomLogs(100, end - index * hour, index + 1)).flat()
const api = startedApi()

async function passes(at: number): Promise<number[]> {
  const counts: number[] = []
  for (const rollup of [activityRollup, activityHoursRollup, redTensRollup, redHoursRollup]) {
    counts.push(await runPass(api.engine.writer, { rollup, retention: { traces: 7, logs: 7 }, now: at, catchUp: true }))
  }
  return counts
}

const ms = (ns: bigint) => Number(ns / 1_000_000n)
const entry = spans.filter(({ kind }) => kind === 2 || kind === 5)
const activityOf = (of: readonly TestSpan[]) => {
  const different = (key: string) => new Set(of.flatMap(({ strings }) => strings[key] ?? [])).size
  return { activeUsers: different('user.id'), activeSessions: different('session.id') }
}
const minuteOf = (at: number) => Math.floor(at / 60_000) * 60_000
/** Whole minutes, as RED is counted. */
const within = (from: number, to: number) =>
  entry.filter(({ startNs }) => minuteOf(ms(startNs)) >= minuteOf(from) && minuteOf(ms(startNs)) < to)

/** Ranges of any length, most of them long enough for hours. */
const ranges = Array.from({ length: 4 }, () => {
  const to = end + 60_000 - random.whole(20 * 60) * 60_000
  return { from: to - (1 + random.whole(70)) * hour - random.whole(hour), to }
})

async function expectRawAnswers(of = ranges): Promise<void> {
  for (const [place, range] of of.entries()) {
    const requests = within(range.from, range.to)
    const { items }: ServicesResponse = await get(api.app, '/services', range)
    for (const name of ['gateway', 'video', 'worker']) {
      const own = requests.filter(({ service }) => service === name)
      expect(items.find((item) => item.name === name)?.requests ?? 0, JSON.stringify(range)).toBe(own.length)
      expect(items.find((item) => item.name === name)?.errors ?? 0).toBe(
        own.filter(({ status }) => status === 2).length,
      )
    }
    const overview: OverviewResponse = await get(api.app, '/overview', range)
    expect(overview.requests).toBe(requests.length)
    // Sparklines of three hours and more are of tens of minutes.
    const counts = overview.series.requestRate.map(
      ([at, rate]) => rate! * coveredSeconds(at, overview.intervalSeconds, wholeMinutes(range)),
    )
    expect(Math.round(counts.reduce((sum, count) => sum + count, 0)), JSON.stringify(range)).toBe(requests.length)
    expect(overview).toMatchObject(activityOf(requests))
    const routes = overview.endpoints.busiest.map(({ service, operation, method, route, requests: counted }) => ({
      counted,
      expected: requests.filter(
        ({ service: own, name, kind, strings }) =>
          own === service &&
          name === operation &&
          (strings['http.request.method'] ?? strings['http.method'] ?? '') === method &&
          (strings['http.route'] ?? '') === route &&
          kind > 0,
      ).length,
    }))
    for (const { counted, expected } of routes) expect(counted).toBeLessThanOrEqual(expected)
    const step = 7200
    const application: ApplicationResponse = await get(api.app, '/metrics', {
      category: 'application',
      ...range,
      interval: step,
    })
    for (const item of application.items) {
      const at = Date.parse(item.timestamp)
      const own = requests.filter(({ startNs }) => Math.floor(ms(startNs) / (step * 1000)) * step * 1000 === at)
      expect(item.requests.total).toBe(own.length)
      expect(item).toMatchObject(activityOf(own))
    }
    expect(application.items.reduce((sum, { requests }) => sum + requests.total, 0)).toBe(requests.length)
    // Many statements; they read nothing that the others do not.
    if (place > 0) continue
    const video: ServiceResponse = await get(api.app, '/services/video', { ...range, interval: step })
    for (const [at, rate] of video.series.requestRate) {
      const [from, to] = [
        Math.max(at, minuteOf(range.from)),
        Math.min(at + step * 1000, minuteOf(range.to - 1) + 60_000),
      ]
      const own = requests.filter(
        ({ service, startNs }) => service === 'video' && ms(startNs) >= from && ms(startNs) < to,
      )
      expect(rate).toBeCloseTo(own.length / ((to - from) / 1000), 9)
    }
  }
}

test('long ranges are answered by hours where they are up to date, and always as the spans say', {
  timeout: 120_000,
}, async () => {
  // In any order, with some of them after the hours were computed.
  const shuffled = spans.toSorted(() => random.next() - 0.5)
  const third = Math.ceil(shuffled.length / 3)
  await insertSpans(api.engine, shuffled.slice(0, third))
  await passes(now)
  await insertSpans(api.engine, shuffled.slice(third, 2 * third))
  await insertSpans(api.engine, shuffled.slice(2 * third))
  // Hours that the late spans have made out of date are read by the minute.
  const stale = await api.engine.everything.query<{ hours: string }>({ sql: 'SELECT count() AS hours FROM red_1h' })
  expect(Number(stale[0]?.hours)).toBeGreaterThan(0)
  const late = within(end - 72 * hour, end + 60_000)
  const overview: OverviewResponse = await get(api.app, '/overview', { from: end - 72 * hour, to: end + 60_000 })
  expect(overview.requests).toBe(late.length)
  await passes(now + 3 * 86_400_000)
  expect(await passes(now + 3 * 86_400_000)).toEqual([0, 0, 0, 0])
  await expectRawAnswers()
})

test('the hours themselves hold all of it', async () => {
  // Without the minutes, whole hours are still answered in full.
  await api.engine.writer.command({ query: 'TRUNCATE TABLE activity_1m' })
  await api.engine.writer.command({ query: 'TRUNCATE TABLE red_1m' })
  await api.engine.writer.command({ query: 'TRUNCATE TABLE red_service_1m' })
  const from = Math.floor(end / hour) * hour - 70 * hour
  const to = Math.floor(end / hour) * hour
  const overview: OverviewResponse = await get(api.app, '/overview', { from, to })
  expect(overview.requests).toBe(within(from, to).length)
  expect(overview).toMatchObject(activityOf(within(from, to)))
  expect(overview.activeUsers).toBeGreaterThan(3)
  expect(overview.endpoints.busiest.length).toBe(10)
  const application: ApplicationResponse = await get(api.app, '/metrics', {
    category: 'application',
    ...{ from, to, interval: 3600 },
  })
  for (const { timestamp, activeUsers, activeSessions } of application.items) {
    const at = Date.parse(timestamp)
    const own = within(from, to).filter(({ startNs }) => Math.floor(ms(startNs) / hour) * hour === at)
    expect({ activeUsers, activeSessions }, timestamp).toEqual(activityOf(own))
  }
  // And what is older than minutes are kept, whole hours at a time.
  await api.engine.writer.command({
    query: `INSERT INTO red_service_1h (space, kind, service, window_start, run, count)
SELECT 'default', 2, 'old', toStartOfHour(now() - toIntervalDay(60)), 1, 7`,
  })
  await api.engine.writer.command({
    query: `INSERT INTO rollup_windows (space, rollup, window_start, run, seen)
SELECT 'default', 'red_1h', toStartOfHour(now() - toIntervalDay(60)), 1, 99`,
  })
  const { items }: ServicesResponse = await get(api.app, '/services', { from: 'now-60d', to: 'now-59d' })
  expect(items).toMatchObject([{ name: 'old', requests: 7 }])
})

test('a minute that the rollups by minute do not have in full is computed again once they do', async () => {
  // As after a crash between the insert into the table and the one into its views.
  await api.engine.writer.command({ query: 'TRUNCATE TABLE rollup_windows' })
  await passes(now)
  const [before] = await api.engine.everything.query<{ stale: string }>({
    sql: `SELECT countIf(seen = 0) AS stale FROM rollup_windows FINAL WHERE rollup = 'red_1h'`,
  })
  expect(Number(before?.stale)).toBeGreaterThan(5)
  const [view] = await api.engine.everything.query<{ query: string }>({
    sql: `SELECT as_select AS query FROM system.tables WHERE database = 'burstlet' AND name = 'red_1m_view'`,
  })
  await api.engine.writer.command({ query: `INSERT INTO red_1m ${view?.query}` })
  await passes(now + 3 * 86_400_000)
  await expectRawAnswers(ranges.slice(0, 2))
})

test('an insert that is repeated under its token counts once in every view', async () => {
  const insert = () =>
    api.engine.writer.command({
      query: `INSERT INTO logs (space, received, service, time, severity) SELECT 'again', now(), 'a', now64(9), 9 FROM numbers(5)`,
      clickhouse_settings: {
        insert_deduplication_token: 'same',
        deduplicate_blocks_in_dependent_materialized_views: 1,
      },
    })
  await insert()
  await insert()
  const [row] = await api.engine.everything.query<{ records: string }>({
    sql: `SELECT sum(log_levels_1m.records) AS records FROM log_levels_1m WHERE space = 'again'`,
  })
  expect(row?.records).toBe('5')
})

test('log counts of long ranges are those of the records', async () => {
  await insertLogs(api.engine, logs)
  const searches = [{}, { service: 'video' }, { level: 'error,fatal' }, { minLevel: 'warn' }, { minLevel: 'unset' }]
  const levels = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']
  const levelOf = (severity: number) => Math.min(Math.floor((severity + 3) / 4), 6)
  for (const search of searches) {
    for (let tries = 0; tries < 4; tries++) {
      const to = end - random.whole(hour)
      const from = to - (1 + random.whole(4)) * hour - random.whole(60_000)
      const answer: LogsHistogramResponse = await get(api.app, '/logs/histogram', {
        from,
        to,
        interval: 1200,
        ...search,
      })
      const expected = logs.filter(
        ({ timeNs, service, severity }) =>
          ms(timeNs) >= from &&
          ms(timeNs) < to &&
          (!('service' in search) || service === search.service) &&
          (!('level' in search) || severity >= 17) &&
          (!('minLevel' in search) || search.minLevel === 'unset' || severity >= 13),
      )
      expect(answer.total).toBe(expected.length)
      for (const { level, points } of answer.series) {
        for (const [at, count] of points) {
          const own = expected.filter(
            ({ timeNs, severity }) =>
              levels[levelOf(severity)] === level && Math.floor(ms(timeNs) / 1_200_000) * 1_200_000 === at,
          )
          expect(count).toBe(own.length)
        }
      }
    }
  }
})

test('of a time that still waits for the engine nothing is computed', async () => {
  await api.engine.writer.command({
    query: `INSERT INTO spans (space, received, service, start, kind) SELECT 'behind', now(), 'a', now64(9) - toIntervalMinute(3), 2`,
  })
  const turn = (behind: number) =>
    rollupJob(activityRollup, api.engine, { traces: 7, logs: 7 }, () => behind).run(
      freeLease(),
      new AbortController().signal,
    )
  const windows = async () => {
    const sql = `SELECT toUInt32(count()) AS windows FROM rollup_windows WHERE space = 'behind' AND rollup = 'activity_1m'`
    return (await api.engine.everything.query<{ windows: number }>({ sql }))[0]?.windows
  }
  await turn(300)
  expect(await windows()).toBe(0)
  await turn(0)
  expect(await windows()).toBe(1)
})
