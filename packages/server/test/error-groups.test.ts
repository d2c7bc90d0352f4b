import {
  type ErrorGroupAnswer,
  type ErrorGroupsAnswer,
  errorGroupAnswer,
  errorGroupsAnswer,
} from '@burstlet/contract/error-groups'
import { type ServiceAnswer, serviceAnswer } from '@burstlet/contract/services'
import { errorGroup } from '@burstlet/otlp/error-group'
import { Hash64 } from '@burstlet/otlp/hash'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from './rows/random.ts'
import { hexOf, nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { createTestApi, get, problemOf } from './test-api.ts'
import { startTestEngine, type TestEngine } from './test-engine.ts'

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

let engine: TestEngine
let app: FastifyInstance

beforeAll(async () => {
  engine = await startTestEngine()
  app = await createTestApi(engine.reader)
  const row = (error: TestError) => ({
    space: 'default',
    received: receivedNow(),
    service: error.kind.service,
    trace_id: error.traceId,
    span_id: 'span0001',
  })
  await engine.insert(
    'spans',
    errors
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
  await engine.insert(
    'logs',
    errors
      .filter(({ signal }) => signal === 'log')
      .map((error, index) => ({
        ...row(error),
        time: time64(nsOfMs(error.at)),
        record_id: String(index),
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
  await engine.insert('resources', [
    { space: 'default', received: receivedNow(), hash: '1', service: 'video', attr_s: { 'service.name': 'video' } },
  ])
})
afterAll(async () => {
  await app?.close()
  await engine?.stop()
})

test('GET /errors has each cause once, from spans and logs', async () => {
  const { items, nextCursor }: ErrorGroupsAnswer = errorGroupsAnswer.parse(await get(app, '/errors'))
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
    const { items }: ErrorGroupsAnswer = await get(app, '/errors', { ...query })
    return items.map(({ type, services }) => `${services[0]} ${type}`).sort()
  }
  expect(await names({ service: 'video' })).toEqual(['video RangeError', 'video TypeError'])
  expect(await names({ search: 'OFFSET' })).toEqual(['video RangeError'])
  expect(await names({ from: 'now-2d', to: 'now-1d' })).toEqual([])
  const first: ErrorGroupsAnswer = await get(app, '/errors', { sort: 'lastSeen', limit: 2 })
  const second: ErrorGroupsAnswer = await get(app, '/errors', { sort: 'lastSeen', limit: 2, cursor: first.nextCursor })
  const times = [...first.items, ...second.items].map(({ lastSeen }) => lastSeen)
  expect(times).toHaveLength(3)
  expect(times).toEqual([...times].sort().reverse())
})

test('GET /errors/:group has samples, the stack and the counts over time', async () => {
  const of = errors.filter(({ kind }) => kind === kinds[0])
  const answer: ErrorGroupAnswer = errorGroupAnswer.parse(await get(app, `/errors/${idOf(of[0]!)}`))
  expect(answer).toMatchObject({ type: 'TypeError', stack: 'at play (a.js:1:2)', count: countOf(of) })
  expect(answer.series.reduce((sum, [, count]) => sum + count!, 0)).toBe(countOf(of))
  for (const [at, count] of answer.series) {
    expect(count).toBe(countOf(of.filter((error) => error.at >= at && error.at < at + answer.intervalSeconds * 1000)))
  }
  const newestSpans = of.filter(({ signal }) => signal === 'span').sort((a, b) => b.at - a.at)
  const traces = answer.samples.map(({ traceId }) => traceId)
  for (const { traceId } of newestSpans.slice(0, 3)) expect(traces).toContain(hexOf(traceId))
  expect(await problemOf(app, '/errors/0000000000000001')).toMatchObject({ status: 404 })
  expect(await problemOf(app, '/errors/1')).toMatchObject({ errors: [{ path: 'group' }] })
})

test('GET /services/:name has its errors, what it asks, and its database calls', async () => {
  const answer: ServiceAnswer = serviceAnswer.parse(await get(app, '/services/video'))
  expect(answer.errorGroups.map(({ type }) => type).sort()).toEqual(['RangeError', 'TypeError'])
  expect(answer.dependencies).toMatchObject([
    {
      id: 'database:postgresql/app',
      name: 'postgresql/app',
      kind: 'database',
      direction: 'out',
      requests: 3,
      errors: 1,
    },
  ])
  expect(answer.databaseCalls).toMatchObject([
    { system: 'postgresql', namespace: 'app', operation: 'INSERT videos', requests: 1, errors: 1 },
    { system: 'postgresql', namespace: 'app', operation: 'SELECT videos', requests: 2, errors: 0 },
  ])
})
