import { type QueryBody, queryBody } from '@burstlet/contract/query'
import { describe, expect, test } from 'vitest'
import { runQuery } from '../src/features/query/run.ts'
import { ResponseCache } from '../src/querying/cache/response-cache.ts'
import { QueryGuard } from '../src/querying/context/query-guard.ts'
import { queryGuardApi } from './query-guard-api.ts'
import { Random } from './rows/random.ts'
import { createTestApi } from './test-api.ts'
import { testContext } from './test-context.ts'

const api = queryGuardApi()

const scopeOf = (space: string, cache?: ResponseCache) =>
  testContext(api.engine.reader, { space, ...(cache && { cache: cache.forRequest(space) }) })

describe('the cache', () => {
  test('answers as without it, while time goes on and spans come in', async () => {
    const random = new Random(17)
    const cache = new ResponseCache()
    const start = Date.now() - 3_000_000
    for (let at = start - 1_800_000; at < start; at += 60_000) {
      await api.insertAt('live', at, 1 + random.whole(60), random.of(['a', 'b', 'c']))
    }
    const asked: Omit<QueryBody['queries'][string], 'signal'>[] = [
      { aggregate: 'count', groupBy: [], other: true },
      { aggregate: 'p95(duration)', groupBy: ['name'], limit: 2, other: true },
      { aggregate: 'rate', groupBy: ['name'], filter: 'kind = server', other: true },
      { aggregate: 'avg(duration)', groupBy: ['name'], limit: 1, other: false, compare: '10m' },
      { aggregate: 'max(duration)', groupBy: ['name'], limit: 3, orderBy: 'name', other: true },
    ]
    let cached = 0
    for (let round = 0; round < 16; round++) {
      const now = start + round * 13_000
      await api.insertAt('live', now - random.whole(20_000), 1 + random.whole(30), random.of(['a', 'b', 'c', 'd']))
      const query = asked[round % asked.length]!
      const body = queryBody.parse({
        from: now - random.of([600_000, 900_000, 1_234_567]),
        to: now,
        step: random.of([30, 60]),
        queries: { a: { signal: 'spans', ...query } },
      })
      const known = await runQuery(scopeOf('live', cache), body, { now })
      const fresh = await runQuery(scopeOf('live'), body, { now })
      expect(known.results, JSON.stringify(body)).toEqual(fresh.results)
      if (known.meta.cached) cached += 1
      expect(fresh.meta.cached).toBe(false)
    }
    expect(cached).toBeGreaterThan(3)
  })

  test('keeps what is over, for its tenant only', async () => {
    const cache = new ResponseCache()
    const from = Math.floor(Date.now() / 60_000) * 60_000 - 1_200_000
    await api.insertAt('one', from, 5)
    const body = queryBody.parse({ from, to: from + 600_000, kind: 'scalar', queries: { a: { signal: 'spans' } } })
    const value = async (space: string) => {
      const { results, meta } = await runQuery(scopeOf(space, cache), body)
      return [results['a']!.series![0]!.value, meta.cached]
    }
    expect(await value('one')).toEqual([5, false])
    expect(await value('one')).toEqual([5, true])
    expect(await value('two')).toEqual([0, false])
    const open = queryBody.parse({ from, to: 'now', kind: 'scalar', queries: { a: { signal: 'spans' } } })
    for (const expected of [5, 8]) {
      const { results, meta } = await runQuery(scopeOf('one', cache), open)
      expect([results['a']!.series![0]!.value, meta.cached]).toEqual([expected, false])
      await api.insertAt('one', Date.now() - 1000, 3)
    }
  })
})

test('what found nothing is asked anew, so that who waits for something to arrive sees it', async () => {
  const app = await createTestApi(api.engine.reader, { queryGuard: new QueryGuard() })
  const range = { from: Date.now() - 900_000, to: Date.now() - 300_000 }
  const space = { space: 'awaited' }
  const traces = async () =>
    (await app.inject(`/traces?from=${range.from}&to=${range.to}`, space)).json<{ items: object[] }>().items
  const counted = async (kind: string) => {
    const queries = { a: { signal: 'spans', groupBy: ['name'] } }
    const payload = { ...range, kind, step: 60, queries }
    const answer = await app.inject({ method: 'POST', url: '/query', payload }, space)
    return JSON.stringify(answer.json<{ results: object }>().results)
  }
  expect(await traces()).toEqual([])
  for (const kind of ['table', 'time_series']) expect(await counted(kind)).not.toContain('awaited')
  await api.insertAt('awaited', range.from + 60_000, 3, 'awaited')
  expect(await traces()).toHaveLength(1)
  for (const kind of ['table', 'time_series']) expect(await counted(kind)).toContain('awaited')
  await app.close()
})
