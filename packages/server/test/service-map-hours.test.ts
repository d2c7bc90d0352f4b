import { type ServiceMapResponse, serviceMapResponse } from '@burstlet/contract/service-map'
import { expect, test } from 'vitest'
import { edgesRollup } from '../src/background/rollups/edges.ts'
import { edgesHoursRollup } from '../src/background/rollups/edges-hours.ts'
import { rollupJob } from '../src/background/rollups/job.ts'
import { runPass } from '../src/background/rollups/pass.ts'
import { startedApi } from './engine-and-api.ts'
import { freeLease } from './free-lease.ts'
import { edgesOf, randomCalls, type TestEdge } from './rows/calls.ts'
import { Random } from './rows/random.ts'
import { insertSpans } from './rows/spans.ts'
import { get } from './test-api.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.now()
/** In the middle of an hour, so that ranges have beginnings and ends that no hour has. */
const end = Math.floor(now / hour) * hour - 2 * hour - 1_500_000
const random = new Random(31)
/** Hours with many calls, with few and with none. */
const spans = [0, 1, 2, 5, 6, 11, 30].flatMap((hours) =>
  randomCalls(30, end - hours * hour, 40 + hours).map((span) => ({
    ...span,
    traceId: span.traceId.replace('calls', `h${String(hours).padStart(4, '0')}`),
  })),
)
const edges = edgesOf(spans)
const api = startedApi()

const pass = (rollup: typeof edgesRollup, at: number) =>
  runPass(api.engine.writer, { rollup, retention: { traces: 7, logs: 7 }, now: at })

/** Edges that begin in the whole minutes of a range, as the API names their ends. */
function within(from: number, to: number, of: ReadonlyMap<string, TestEdge> = edges) {
  const sums = new Map<string, { requests: number; errors: number }>()
  const [first, last] = [Math.floor(from / 60_000) * 60_000, Math.ceil(to / 60_000) * 60_000]
  for (const [key, { count, errors }] of of) {
    const minute = Number(key.slice(0, key.indexOf(' ')))
    if (minute < first || minute >= last) continue
    const ends = key.slice(key.indexOf(' ') + 1).replaceAll('service:', '')
    const name = ends.replace(/external:(gateway|video|billing)$/, '$1')
    const sum = sums.get(name) ?? { requests: 0, errors: 0 }
    sums.set(name, { requests: sum.requests + count, errors: sum.errors + errors })
  }
  return sums
}

async function answered(from: number, to: number) {
  const answer: ServiceMapResponse = serviceMapResponse.parse(await get(api.app, '/service-map', { from, to }))
  return new Map(
    answer.edges.map(({ source, target, requests, errors }) => [`${source} ${target}`, { requests, errors }]),
  )
}

async function hoursStored(): Promise<number> {
  const [row] = await api.engine.everything.query<{ hours: string }>({
    sql: `SELECT uniqExact(window_start) AS hours FROM edges_1h`,
  })
  return Number(row?.hours)
}

/** Of any length and place; most of them hold whole hours. */
const ranges = Array.from({ length: 12 }, () => {
  const to = end + 60_000 - random.whole(5 * 60) * 60_000
  return { from: to - random.whole(34 * 60) * 60_000 - 30_000, to }
})

test('hours wait for their minutes, and then hold the same', async () => {
  const shuffled = spans.toSorted(() => random.next() - 0.5)
  await insertSpans(api.engine, shuffled.slice(0, 500))
  const hours = rollupJob(edgesHoursRollup, api.engine, { traces: 7, logs: 7 })
  const turn = () => hours.run(freeLease(), new AbortController().signal)
  await turn()
  expect(await hoursStored()).toBe(0)
  expect(await pass(edgesRollup, now)).toBeGreaterThan(0)
  // The next run looks as far back again: some of the hours are older than most runs look.
  await turn()
  const before = await hoursStored()
  expect(before).toBeGreaterThan(4)
  // Late spans: the hours are not computed anew before the minutes are.
  await insertSpans(api.engine, shuffled.slice(500))
  expect(await pass(edgesHoursRollup, now + 2 * day)).toBe(0)
  await pass(edgesRollup, now + 2 * day)
  expect(await pass(edgesHoursRollup, now + 2 * day)).toBeGreaterThan(0)
  expect(await pass(edgesRollup, now + 2 * day)).toBe(0)
  expect(await pass(edgesHoursRollup, now + 2 * day)).toBe(0)
  for (const { from, to } of ranges) expect(await answered(from, to)).toEqual(within(from, to))
})

test('whole hours are answered without their minutes, and only those', async () => {
  await api.engine.writer.command({ query: 'TRUNCATE TABLE edges_1m' })
  const from = Math.floor((end - 12 * hour) / hour) * hour
  const to = Math.floor(end / hour) * hour
  const whole = within(from, to)
  expect(whole.size).toBeGreaterThan(5)
  expect(await answered(from, to)).toEqual(whole)
  expect(await answered(from - 600_000, to + 600_000)).toEqual(whole)
  // Of a range without a whole hour nothing is left.
  expect(await answered(to - 2_400_000, to - 600_000)).toEqual(new Map())
})
