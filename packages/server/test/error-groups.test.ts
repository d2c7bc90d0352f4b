import {
  type ErrorGroupResponse,
  type ErrorGroupsResponse,
  errorGroupResponse,
  errorGroupsResponse,
} from '@burstlet/contract/error-groups'
import { type ServiceResponse, serviceResponse } from '@burstlet/contract/services'
import { errorGroup } from '@burstlet/otlp/error-group'
import { Hash64 } from '@burstlet/otlp/hash'
import { expect, test } from 'vitest'
import { logErrorsRollup, spanErrorsRollup } from '../src/background/rollups/errors.ts'
import { runPass } from '../src/background/rollups/pass.ts'
import { startedApi } from './engine-and-api.ts'
import { Random } from './rows/random.ts'
import { hexOf, nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { get, problemOf } from './test-api.ts'

const end = Date.now() - 60_000
const random = new Random(9)
const kinds = [
  {
    service: 'video',
    type: 'TypeError',
    message: (n: number) => `Cannot read video ${n}`,
    stack: 'at play (a.js:1:2)',
  },
  { service: 'video', type: 'RangeError', message: (n: number) => `Offset ${n} is too large`, stack: '' },
  { service: 'shop', type: 'TypeError', message: (n: number) => `Cannot read video ${n}`, stack: 'at play (a.js:1:2)' },
] as const

interface TestError {
  kind: (typeof kinds)[number]
  signal: 'span' | 'log'
  at: number
  message: string
  traceId: string
  weight: number
}

const errors: TestError[] = Array.from({ length: 120 }, (_, index) => {
  const kind = random.of(kinds)
  return {
    kind,
    signal: random.chance(0.6) ? 'span' : 'log',
    at: end - 1_800_000 + index * 10_000 + random.whole(9000),
    message: kind.message(random.whole(100_000)),
    traceId: `errors-${String(index).padStart(9, '0')}`,
    weight: random.of([1, 1, 4]),
  }
})

const idOf = ({ kind, message }: TestError) => {
  const { service, type, stack } = kind
  const { low, high } = errorGroup({ service, type, message, stack, operation: '' }, new Hash64())
  return `${(high >>> 0).toString(16).padStart(8, '0')}${(low >>> 0).toString(16).padStart(8, '0')}`
}
const countOf = (of: readonly TestError[]) =>
  of.reduce((sum, { signal, weight }) => sum + (signal === 'span' ? weight : 1), 0)

async function insertErrors(of: readonly TestError[]): Promise<void> {
  const row = (error: TestError) => ({
    space: 'default',
    received: receivedNow(),
    service: error.kind.service,
    trace_id: error.traceId,
    span_id: 'span0001',
  })
  await api.engine.insert(
    'spans',
    of
      .filter(({ signal }) => signal === 'span')
      .map((error) => ({
        ...row(error),
        start: time64(nsOfMs(error.at)),
        name: 'GET /videos',
        kind: 2,
        status: 2,
        adjusted_count: error.weight,
        error_group: BigInt(`0x${idOf(error)}`).toString(),
        'events.time': [time64(nsOfMs(error.at)), time64(nsOfMs(error.at))],
        'events.name': ['retry', 'exception'],
        'events.attributes': [
          '{}',
          JSON.stringify({
            'exception.type': error.kind.type,
            'exception.message': error.message,
            'exception.stacktrace': error.kind.stack,
          }),
        ],
        'events.dropped_attributes': [0, 0],
      })),
  )
  await api.engine.insert(
    'logs',
    of
      .filter(({ signal }) => signal === 'log')
      .map((error, index) => ({
        ...row(error),
        time: time64(nsOfMs(error.at)),
        record_id: String(error.at * 1000 + index),
        severity: 17,
        body: 'it failed',
        body_type: 1,
        attr_s: {
          'exception.type': error.kind.type,
          'exception.message': error.message,
          'exception.stacktrace': error.kind.stack,
        },
      })),
  )
}

const api = startedApi(async (engine) => {
  await insertErrors(errors)
  await engine.insert('spans', [
    { space: 'default', received: receivedNow(), service: 'video', start: time64(nsOfMs(end)), name: 'fine', kind: 2 },
    ...['SELECT videos', 'SELECT videos', 'INSERT videos'].map((name, index) => ({
      space: 'default',
      received: receivedNow(),
      service: 'video',
      start: time64(nsOfMs(end - index)),
      duration: String((index + 1) * 1_000_000),
      name,
      kind: 3,
      status: index === 2 ? 2 : 0,
      db_system: 'postgresql',
      attr_s: { 'db.namespace': 'app' },
    })),
  ])
  await engine.insert('resources', [
    { space: 'default', received: receivedNow(), hash: '1', service: 'video', attr_s: { 'service.name': 'video' } },
  ])
})

test('GET /errors has each cause once, from spans and logs', async () => {
  const { items, nextCursor }: ErrorGroupsResponse = errorGroupsResponse.parse(await get(api.app, '/errors'))
  expect(nextCursor).toBeNull()
  const expected = Map.groupBy(errors, idOf)
  expect(items.map(({ id }) => id).sort()).toEqual([...expected.keys()].sort())
  expect(items.map(({ count }) => count)).toEqual(items.map(({ count }) => count).sort((a, b) => b - a))
  for (const item of items) {
    const of = expected.get(item.id)!
    const newest = of.toSorted((a, b) => b.at - a.at)[0]!
    expect(item).toMatchObject({
      type: of[0]!.kind.type,
      services: [of[0]!.kind.service],
      count: countOf(of),
      logs: of.filter(({ signal }) => signal === 'log').length,
      firstSeen: new Date(Math.min(...of.map(({ at }) => at))).toISOString(),
      lastSeen: new Date(newest.at).toISOString(),
      message: newest.message,
    })
    expect(item.samples[0]).toMatchObject({ traceId: hexOf(newest.traceId), message: newest.message })
  }
})

test('GET /errors can be narrowed, ordered and paged', async () => {
  const names = async (query: object) => {
    const { items }: ErrorGroupsResponse = await get(api.app, '/errors', { ...query })
    return items.map(({ type, services }) => `${services[0]} ${type}`).sort()
  }
  expect(await names({ service: 'video' })).toEqual(['video RangeError', 'video TypeError'])
  expect(await names({ search: 'OFFSET' })).toEqual(['video RangeError'])
  expect(await names({ from: 'now-2d', to: 'now-1d' })).toEqual([])
  const first: ErrorGroupsResponse = await get(api.app, '/errors', { sort: 'lastSeen', limit: 2 })
  const second: ErrorGroupsResponse = await get(api.app, '/errors', {
    sort: 'lastSeen',
    limit: 2,
    cursor: first.nextCursor,
  })
  const times = [...first.items, ...second.items].map(({ lastSeen }) => lastSeen)
  expect(times).toHaveLength(3)
  expect(times).toEqual([...times].sort().reverse())
})

test('GET /errors/:group has samples, the stack and the counts over time', async () => {
  const of = errors.filter(({ kind }) => kind === kinds[0])
  const answer: ErrorGroupResponse = errorGroupResponse.parse(await get(api.app, `/errors/${idOf(of[0]!)}`))
  expect(answer).toMatchObject({ type: 'TypeError', stack: 'at play (a.js:1:2)', count: countOf(of) })
  expect(answer.series.reduce((sum, [, count]) => sum + count!, 0)).toBe(countOf(of))
  for (const [at, count] of answer.series) {
    expect(count).toBe(countOf(of.filter((error) => error.at >= at && error.at < at + answer.intervalSeconds * 1000)))
  }
  const newestSpans = of.filter(({ signal }) => signal === 'span').sort((a, b) => b.at - a.at)
  const traces = answer.samples.map(({ traceId }) => traceId)
  for (const { traceId } of newestSpans.slice(0, 3)) expect(traces).toContain(hexOf(traceId))
  expect(await problemOf(api.app, '/errors/0000000000000001')).toMatchObject({ status: 404 })
  expect(await problemOf(api.app, '/errors/1')).toMatchObject({ errors: [{ path: 'group' }] })
})

test('GET /services/:name has its errors, what it asks, and its database calls', async () => {
  const answer: ServiceResponse = serviceResponse.parse(await get(api.app, '/services/video'))
  expect(answer.errorGroups.map(({ type }) => type).sort()).toEqual(['RangeError', 'TypeError'])
  const database = { id: 'database:postgresql/app', name: 'postgresql/app', kind: 'database', direction: 'out' }
  expect(answer.dependencies).toEqual([{ ...database, requests: 3, errors: 1, p95: expect.closeTo(3, 0) }])
  const calls = { system: 'postgresql', namespace: 'app' }
  expect(answer.databaseCalls).toEqual([
    { ...calls, operation: 'INSERT videos', requests: 1, errors: 1, p95: expect.closeTo(3, 0) },
    { ...calls, operation: 'SELECT videos', requests: 2, errors: 0, p95: expect.closeTo(2, 0) },
  ])
})

test('ranges of hours are answered from the rollup, and as the spans and records say, late ones too', async () => {
  const hour = 3_600_000
  const start = Math.floor(Date.now() / hour) * hour - 30 * hour
  const many: TestError[] = Array.from({ length: 300 }, (_, index) => ({
    kind: random.of(kinds),
    signal: random.chance(0.5) ? 'span' : 'log',
    at: start + random.whole(29 * 60) * 60_000 + random.whole(60_000),
    // What varies is left out, however it is written.
    message: random.of([
      `Cannot read video ${random.whole(9999)}`,
      `User "${random.whole(9)}-bob" is unknown`,
      `No entry 8c5a0f3e-1111-4222-8333-${String(100_000_000_000 + random.whole(1e6))}`,
      `Bad pointer 0x${(4096 + random.whole(1e6)).toString(16)}`,
    ]),
    traceId: `longer-${String(index).padStart(9, '0')}`,
    weight: random.of([1, 2.5]),
  }))
  const passes = async (now: number) => {
    let computed = 0
    for (const rollup of [spanErrorsRollup, logErrorsRollup]) {
      computed += await runPass(api.engine.writer, { rollup, retention: { traces: 7, logs: 7 }, now })
    }
    return computed
  }
  const check = async (of: readonly TestError[]) => {
    for (const [from, to] of [
      [start, start + 29 * hour],
      [start + 1_234_567, start + 20 * hour + 7_654_321],
      [start + 10 * hour + 5, Date.now() - 90 * 60_000],
    ] as const) {
      const within = [...errors, ...of].filter(({ at }) => at >= from && at < to)
      const { items }: ErrorGroupsResponse = await get(api.app, '/errors', { from, to, limit: 1000 })
      const expected = [...Map.groupBy(within, idOf)].map(([id, own]) => ({
        id,
        count: countOf(own),
        spans: countOf(own.filter(({ signal }) => signal === 'span')),
        firstSeen: new Date(Math.min(...own.map(({ at }) => at))).toISOString(),
        lastSeen: new Date(Math.max(...own.map(({ at }) => at))).toISOString(),
      }))
      const shown = items.map(({ id, count, spans, firstSeen, lastSeen }) => ({
        id,
        count,
        spans,
        firstSeen,
        lastSeen,
      }))
      expect(shown.sort(byId)).toEqual(expected.sort(byId))
      for (const { id } of items.slice(0, from === start ? 2 : 0)) {
        const answer: ErrorGroupResponse = await get(api.app, `/errors/${id}`, { from, to })
        const own = within.filter((error) => idOf(error) === id)
        expect(answer.series.filter(([, count]) => count !== 0)).toEqual(
          [
            ...Map.groupBy(
              own,
              ({ at }) => Math.floor(at / 1000 / answer.intervalSeconds) * answer.intervalSeconds * 1000,
            ),
          ]
            .map(([at, inBucket]) => [at, countOf(inBucket)])
            .sort(([a], [b]) => Number(a) - Number(b)),
        )
        expect(answer.samples[0]?.timestamp).toBe(new Date(Math.max(...own.map(({ at }) => at))).toISOString())
      }
    }
  }
  const [first, late] = [many.slice(0, 250), many.slice(250)]
  await insertErrors(first)
  await passes(Date.now())
  await check(first)
  await insertErrors(late)
  // Hours that the late ones have reached are read from the rows, until they are computed again.
  await check(many)
  expect(await passes(Date.now() + 2 * 86_400_000)).toBeGreaterThan(5)
  await check(many)
  // Whole hours need neither spans nor records.
  for (const table of ['spans', 'logs']) await api.engine.writer.command({ query: `TRUNCATE TABLE ${table}` })
  const { items }: ErrorGroupsResponse = await get(api.app, '/errors', {
    from: start,
    to: start + 28 * hour,
    limit: 1000,
  })
  const within = many.filter(({ at }) => at < start + 28 * hour)
  expect(new Map(items.map(({ id, count }) => [id, count]))).toEqual(
    new Map([...Map.groupBy(within, idOf)].map(([id, own]) => [id, countOf(own)])),
  )
})

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}
