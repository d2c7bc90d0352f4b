import { describe, expect, test } from 'vitest'
import { durationOf, logs, queryApi, routeOf, spans, sum } from './query-api.ts'
import type { TestLog } from './rows/logs.ts'

const api = queryApi()

describe('raw rows', () => {
  test('of spans come newest first, in pages', async () => {
    const rows: unknown[][] = []
    let cursor: string | null | undefined
    do {
      const { results } = await api.ask({
        a: { signal: 'spans', kind: 'raw', filter: 'status = error', limit: 30, ...(cursor && { cursor }) },
      })
      rows.push(...results['a']!.rows!)
      cursor = results['a']!.nextCursor
    } while (cursor)
    const of = spans.filter(({ status }) => status === 2)
    expect(rows).toHaveLength(of.length)
    expect(rows.map(([at]) => at)).toEqual(
      rows
        .map(([at]) => at)
        .sort()
        .reverse(),
    )
    expect(new Set(rows.map((row) => row[3])).size).toBe(of.length)
    const [first] = rows
    const span = of.find(({ spanId }) => Buffer.from(spanId).toString('hex') === first![3])!
    expect(first![7]).toBe('error')
    expect(first![8]).toBeCloseTo(durationOf(span), 9)
    expect(first![9]).toMatchObject({ ...span.strings, ...span.integers, ...span.doubles, ...span.booleans })
    expect(first![10]).toMatchObject({ 'host.name': span.host })
  })

  test('of logs, and with fields of one’s choice', async () => {
    const { results } = await api.ask({
      a: { signal: 'logs', kind: 'raw', limit: 5 },
      b: {
        signal: 'spans',
        kind: 'raw',
        filter: 'kind = server',
        limit: 1000,
        fields: ['duration', 'http.route', 'attempt', 'host.name'],
      },
    })
    const newest = [...logs].sort((a: TestLog, b: TestLog) =>
      a.timeNs === b.timeNs ? b.id - a.id : a.timeNs < b.timeNs ? 1 : -1,
    )
    expect(results['a']!.rows!.map((row) => [row[1], row[4]])).toEqual(
      newest.slice(0, 5).map(({ id, body }) => [String(id), body]),
    )
    const rows = results['b']!.rows!
    const servers = spans.filter(({ kind }) => kind === 2)
    expect(rows).toHaveLength(servers.length)
    expect(sum(rows.map((row) => (row[3] as number | null) ?? 0))).toBe(
      sum(servers.map(({ integers }) => integers['attempt'] ?? 0)),
    )
    expect(rows.filter((row) => row[2] === null)).toHaveLength(servers.filter((span) => routeOf(span) === '').length)
    expect(results['b']!.columns.map(({ name }) => name)).toEqual([
      'timestamp',
      'duration',
      'http.route',
      'attempt',
      'host.name',
    ])
  })
})
