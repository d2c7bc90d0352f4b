import { eventually } from '@burstlet/testkit/eventually'
import { beforeAll, describe, expect, test } from 'vitest'
import { admittedReader } from '../src/querying/admission/admitted-reader.ts'
import { createReader, defaultReadLimits } from '../src/storage/clickhouse/reader.ts'
import { queryGuardApi, watched } from './query-guard-api.ts'
import { createTestApi, problemOfPost } from './test-api.ts'
import { bearer } from './test-keys.ts'

const api = queryGuardApi()

describe('limits', () => {
  const sql =
    'SELECT count() FROM spans AS a CROSS JOIN spans AS b CROSS JOIN spans AS c WHERE a.duration + b.duration > c.duration'
  beforeAll(() => api.insertAt('default', Date.now() - 60_000, 20_000))

  test('of time and memory are told by name, with how to narrow', async () => {
    for (const [limits, reason] of [
      [{ seconds: 1 }, 'after 1 s'],
      [{ memoryBytes: 50_000_000, seconds: 30 }, 'MB of memory'],
    ] as const) {
      const reader = createReader(api.engine.connection, { ...defaultReadLimits, ...limits })
      const bounded = await createTestApi(reader)
      const problem = await problemOfPost(bounded, '/sql', {
        query:
          'memoryBytes' in limits ? 'SELECT length(groupArray(a.duration)) FROM spans AS a CROSS JOIN spans AS b' : sql,
      })
      expect(problem).toMatchObject({ status: 422, code: 'QUERY_LIMIT' })
      expect(problem.detail).toContain(reason)
      expect(problem.detail).toContain('shorter time range')
      await bounded.close()
    }
  })

  test('a client that goes away ends its statement', async () => {
    const address = await api.app.listen()
    const away = new AbortController()
    const asked = fetch(`${address}/sql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer() },
      body: JSON.stringify({ query: `SELECT 'going away', ${sql.slice(7)}` }),
      signal: away.signal,
    })
    const caught = expect(asked).rejects.toThrow()
    await eventually(async () => (await running()) > 0)
    away.abort()
    await caught
    await eventually(async () => (await running()) === 0)
  })

  async function running(): Promise<number> {
    const result = await api.engine.writer.query({
      query: `SELECT count() AS n FROM system.processes WHERE query LIKE '%going away%' AND query NOT LIKE '%system.processes%'`,
      format: 'JSONEachRow',
    })
    return Number((await result.json<{ n: string }>())[0]!.n)
  }

  test('only a statement that may read much takes turns', async () => {
    const count = async (rows: number) => {
      const { heavy, ran } = watched({ rows })
      await admittedReader(api.engine.everything, heavy, 'me').query({
        sql: "SELECT count() AS n FROM spans WHERE space = 'default' AND duration > 0",
      })
      return ran
    }
    expect(await count(1_000_000)).toEqual([])
    expect(await count(10_000)).toEqual(['me'])
  })
})
