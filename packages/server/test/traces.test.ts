import type { OverviewResponse } from '@burstlet/contract/overview'
import { describe, expect, test } from 'vitest'
import type { TestSpan } from './rows/spans.ts'
import { hexOf } from './rows/times.ts'
import { get, problemOf } from './test-api.ts'
import { end, expected, tracesApi } from './traces-api.ts'

const api = tracesApi()

describe('GET /traces', () => {
  test('pages hold every trace once, newest first', async () => {
    const all = expected(() => true)
    expect(await api.search({}, 7)).toEqual(all)
    expect(await api.search({ from: end - 300_000 }, 1)).toEqual(
      expected((span) => span.startNs >= BigInt(end - 300_000) * 1_000_000n),
    )
    expect(await api.search({}, 250)).toEqual(all)
  })

  test('service, operation and status hold for one span together', async () => {
    const query = { service: 'video', operation: 'query', status: 'error' }
    const found = await api.search(query, 5)
    expect(found).toEqual(expected((span) => span.service === 'video' && span.name === 'query' && span.status === 2))
    expect(found.length).toBeGreaterThan(3)
    expect(await api.search({ status: 'ok' })).toEqual(expected((span) => span.status !== 2))
  })

  test('durations are of the whole trace', async () => {
    const between = (least: number, most: number) =>
      expected(() => true).filter(({ durationMs }) => durationMs >= least && durationMs <= most)
    expect(await api.search({ minDuration: 600 }, 10)).toEqual(between(600, Infinity))
    expect(await api.search({ maxDuration: 200 }, 10)).toEqual(between(0, 200))
    expect(await api.search({ minDuration: 300, maxDuration: 500 })).toEqual(between(300, 500))
  })

  test('the range is over the spans that match', async () => {
    const from = end - 1_800_000
    const to = end - 600_000
    const within = (span: TestSpan) =>
      span.startNs >= BigInt(from) * 1_000_000n && span.startNs < BigInt(to) * 1_000_000n
    expect(await api.search({ from, to }, 20)).toEqual(expected(within))
    expect(await api.search({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })).toEqual(
      expected(within),
    )
    expect(await api.search({ from: 'now-2m', to: 'now+1h' })).toEqual(
      expected((span) => span.startNs >= BigInt(Date.now() - 120_000) * 1_000_000n),
    )
  })

  test('the first page has the newest that failed', async () => {
    const { errorTraces }: OverviewResponse = await get(api.app, '/overview')
    expect(errorTraces).toEqual(expected(({ status }) => status === 2).slice(0, 10))
  })

  test('nothing found is an empty page', async () => {
    expect(await get(api.app, '/traces', { service: 'nobody' })).toEqual({ items: [], nextCursor: null })
    expect(await get(api.app, '/traces', { from: 'now-9d', to: 'now-8d' })).toEqual({ items: [], nextCursor: null })
  })

  test('another space sees nothing', async () => {
    await api.engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind)
              VALUES ('other', now(), 'secret', now64(9), 1, 'other-0000000000', 'other-00', 'hidden', 2)`,
    })
    expect(await api.search({ service: 'secret' })).toEqual([])
    expect((await problemOf(api.app, `/traces/${hexOf('other-0000000000')}`)).status).toBe(404)
  })
})

test.each<[Record<string, unknown>, string]>([
  [{ limt: 5 }, 'limt'],
  [{ limit: 0 }, 'limit'],
  [{ limit: 1001 }, 'limit'],
  [{ from: 'yesterday' }, 'from'],
  [{ from: 'now', to: 'now-1h' }, 'from'],
  [{ status: 'broken' }, 'status'],
  [{ minDuration: -1 }, 'minDuration'],
  [{ cursor: 'nonsense' }, 'cursor'],
  [{ cursor: Buffer.from('["9999999999999999999",""]').toString('base64url') }, 'cursor'],
  [{ service: ['a', 'b'] }, 'service'],
])('%j is refused, naming %s', async (query, path) => {
  const problem = await problemOf(api.app, '/traces', query)
  expect(problem).toMatchObject({ status: 400, code: 'VALIDATION_ERROR', errors: [{ path }] })
  expect(problem.requestId).toBeTruthy()
})
