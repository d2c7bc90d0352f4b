import type { OverviewResponse } from '@burstlet/contract/overview'
import { type ServiceMapResponse, serviceMapResponse } from '@burstlet/contract/service-map'
import { expect, test } from 'vitest'
import { activityRollup } from '../src/background/rollups/activity.ts'
import { edgesRollup } from '../src/background/rollups/edges.ts'
import { edgesHoursRollup } from '../src/background/rollups/edges-hours.ts'
import { rollupJob } from '../src/background/rollups/job.ts'
import { runPass } from '../src/background/rollups/pass.ts'
import type { Rollup } from '../src/background/rollups/rollup.ts'
import type { Job } from '../src/background/scheduler/jobs.ts'
import { startedApi } from './engine-and-api.ts'
import { freeLease } from './free-lease.ts'
import { edgesOf, randomCalls } from './rows/calls.ts'
import { Random } from './rows/random.ts'
import { insertSpans } from './rows/spans.ts'
import { storedEdges } from './rows/stored-edges.ts'
import { get } from './test-api.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.now()
const end = Math.floor(start / hour) * hour - 1
const retention = { traces: 7, logs: 7 }
const random = new Random(77)
const api = startedApi()
/** Of the scheduler, which computes as if it were this late. */
let clock = start
const turnOf = (rollup: Rollup) => {
  let job: Job | undefined
  return () => {
    job ??= rollupJob(
      rollup,
      api.engine,
      retention,
      () => 0,
      () => clock,
    )
    return job.run(freeLease(), new AbortController().signal)
  }
}
const edges = turnOf(edgesRollup)
const hours = turnOf(edgesHoursRollup)
const activity = turnOf(activityRollup)

/** What the scheduler does in two minutes. */
async function twoMinutes(): Promise<void> {
  const until = clock + 120_000
  for (let round = 0; clock < until; round++) {
    await edges()
    await activity()
    if (round % 4 === 0) await hours()
    clock += 15_000
  }
}

/** Calls of many hours, told apart by their traces. */
const callsOf = (back: readonly number[]) =>
  back.flatMap((each) =>
    randomCalls(12, end - each * hour, 60 + each).map((span) => ({
      ...span,
      traceId: span.traceId.replace('calls', `h${String(each).padStart(4, '0')}`),
    })),
  )
// Twenty-six hours, and some that are older than spans are kept once they have arrived.
const spans = callsOf([...Array.from({ length: 26 }, (_, index) => index + 1), 10 * 24, 20 * 24])

const requests = ({ edges: found }: ServiceMapResponse) => found.reduce((sum, edge) => sum + edge.requests, 0)

test('hours that arrive late are in the map within two minutes, whatever their age', { timeout: 120_000 }, async () => {
  // The first run of a scheduler looks at everything; those after it are what counts.
  for (const turn of [edges, activity, hours]) await turn()
  const shuffled = spans.toSorted(() => random.next() - 0.5)
  await insertSpans(api.engine, shuffled.slice(0, Math.floor(spans.length / 3)))
  await edges()
  clock += 15_000
  await insertSpans(api.engine, shuffled.slice(Math.floor(spans.length / 3)))
  const all = edgesOf(spans)
  for (const back of [2, 5, 26, 240]) {
    // Before the scheduler has got to them: joined while somebody waits.
    const range = { from: end + 1 - (back + 1) * hour, to: end + 1 - back * hour }
    const answer = serviceMapResponse.parse(await get(api.app, '/service-map', range))
    const expected = [...all].filter(
      ([key]) => Number(key.split(' ')[0]) >= range.from && Number(key.split(' ')[0]) < range.to,
    )
    expect(expected.length).toBeGreaterThan(5)
    expect(requests(answer), `${back} hours ago`).toBe(expected.reduce((sum, [, { count }]) => sum + count, 0))
    expect(answer).toMatchObject({ complete: true, completeAt: null })
  }
  await twoMinutes()
  expect(await storedEdges(api.engine)).toEqual(all)
  expect(await runPass(api.engine.writer, { rollup: edgesRollup, retention, now: clock + day })).toBe(0)
  expect(await runPass(api.engine.writer, { rollup: activityRollup, retention, now: clock + day })).toBe(0)
})
test('what is not complete says so, and from when it will be', { timeout: 120_000 }, async () => {
  // More than may be joined while somebody waits.
  const from = end + 1 - 40 * hour
  await api.engine.writer.command({
    query: `INSERT INTO spans (space, received, service, start, kind, trace_id, span_id, user_id, attr_s)
SELECT 'default', now(), 'many', fromUnixTimestamp64Milli({from:Int64} + 60000 * (number % 60)), 3, toString(number), toString(number), NULL, map('peer.service', 'tax')
FROM numbers(600000)`,
    query_params: { from },
  })
  const ask = async () => serviceMapResponse.parse(await get(api.app, '/service-map', { from, to: from + hour }))
  const before = await ask()
  expect(requests(before)).toBeLessThan(600_000)
  expect(before.complete).toBe(false)
  const seconds = (Date.parse(before.completeAt!) - Date.now()) / 1000
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThan(300)
  const overview: OverviewResponse = await get(api.app, '/overview', { from, to: from + hour })
  expect(overview.complete).toBe(true)
  await twoMinutes()
  const after = await ask()
  expect(after).toMatchObject({ complete: true, completeAt: null })
  expect(requests(after)).toBe(600_000)
})

test('a large backlog waits for what is current, and takes turns', { timeout: 120_000 }, async () => {
  await insertSpans(api.engine, callsOf([50, 51]))
  await api.engine.writer.command({
    query: `INSERT INTO spans (space, received, service, start, kind, attr_s)
SELECT 'other', now(), 'a', now64(9) - toIntervalMinute(3), 3, map('peer.service', 'tax')`,
  })
  let waiting = 0
  const pass = (budgetMs: number) =>
    runPass(api.engine.writer, {
      rollup: edgesRollup,
      retention,
      now: clock,
      late: { budgetMs, currentSeconds: 7200 },
      onWaiting: () => {
        waiting += 1
      },
    })
  const computed = async (space: string) => {
    const sql = `SELECT toUInt32(count()) AS windows FROM rollup_windows WHERE space = {space:String} AND rollup = 'edges_1m' AND window_start > now() - 1000`
    return (await api.engine.everything.query<{ windows: number }>({ sql, params: { space } }))[0]!.windows
  }
  await pass(0)
  expect([await computed('other'), waiting]).toEqual([1, 1])
  await pass(60_000)
  expect(waiting).toBe(1)
  expect(await pass(60_000)).toBe(0)
})
