import { describe, expect, test } from 'vitest'
import { durationOf, end, logs, mean, percentile, queryApi, spans, sum } from './query-api.ts'
import type { TestSpan } from './rows/spans.ts'

const api = queryApi()

describe('aggregates of spans', () => {
  const video = spans.filter(({ service }) => service === 'video')
  const filter = "service.name = 'video'"
  const durations = video.map(durationOf)
  const attempts = video.flatMap(({ integers }) => integers['attempt'] ?? [])
  test.each<[string, number]>([
    ['count', video.length],
    ['count(user.id)', video.filter(({ strings }) => strings['user.id']).length],
    ['rate', video.length / 2400],
    ['error_rate', video.filter(({ status }) => status === 2).length / video.length],
    ['sum(duration)', sum(durations)],
    ['avg(duration)', mean(durations)],
    ['min(duration)', Math.min(...durations)],
    ['max(duration)', Math.max(...durations)],
    ['p50(duration)', percentile(durations, 50)],
    ['p95(duration)', percentile(durations, 95)],
    ['p99.9(duration)', percentile(durations, 99.9)],
    ['avg(attempt)', mean(attempts)],
    ['max(attribute.attempt)', Math.max(...attempts)],
    [
      'p75(ratio)',
      percentile(
        video.flatMap(({ doubles }) => doubles['ratio'] ?? []),
        75,
      ),
    ],
    ['uniq(user.id)', new Set(video.flatMap(({ strings }) => strings['user.id'] ?? [])).size],
    ['uniq(host.name)', new Set(video.map(({ host }) => host)).size],
    [
      'uniq(http.status_code)',
      new Set(
        video.flatMap(({ integers }) => integers['http.status_code'] ?? integers['http.response.status_code'] ?? []),
      ).size,
    ],
  ])('%s', async (aggregate, expected) => {
    expect(await api.scalar({ signal: 'spans', filter, aggregate })).toBeCloseTo(expected, 6)
  })

  test('a text is not a number, and what nobody has is null', async () => {
    expect(await api.scalar({ signal: 'spans', filter, aggregate: 'avg(k)' })).toBeNull()
    expect(await api.scalar({ signal: 'spans', filter, aggregate: 'p95(nothing)' })).toBeNull()
    expect(await api.scalar({ signal: 'spans', filter, aggregate: 'sum(nothing)' })).toBe(0)
    expect(await api.scalar({ signal: 'spans', filter: "service.name = 'nobody'", aggregate: 'count' })).toBe(0)
    expect(
      await api.scalar({ signal: 'spans', filter: "service.name = 'nobody'", aggregate: 'avg(duration)' }),
    ).toBeNull()
  })

  test('counts are weighted by sampling, percentiles too', async () => {
    await api.engine.writer.command({
      query: `INSERT INTO spans (space, received, service, start, duration, trace_id, span_id, name, kind, status, adjusted_count)
              SELECT 'default', now(), 'sampled', fromUnixTimestamp64Milli(${end - 60_000}), 1000000 * (number + 1), 'weighted-0000000', 'weighted', 'x', 1, if(number = 3, 2, 0), [1, 1, 1, 7][number + 1] FROM numbers(4)`,
    })
    const of = (aggregate: string) => api.scalar({ signal: 'spans', filter: 'service.name = sampled', aggregate })
    expect(await of('count')).toBe(10)
    expect(await of('error_rate')).toBeCloseTo(0.7, 10)
    expect(await of('avg(duration)')).toBeCloseTo((1 + 2 + 3 + 7 * 4) / 10, 10)
    expect(await of('p30(duration)')).toBe(3)
    expect(await of('p31(duration)')).toBe(4)
    await api.engine.writer.command({ query: "DELETE FROM spans WHERE service = 'sampled'" })
  })
})

test.each([
  ["k IN ('v1', 'v2')", (span: TestSpan) => ['v1', 'v2'].includes(span.strings['k']!)],
  ["k IN ('v1', '5', 'a', 'b', 'c', 'd')", (span: TestSpan) => ['v1', '5'].includes(span.strings['k']!)],
  ["k IN ('v1', 5, 'a', 'b', 'c', 'd')", (span: TestSpan) => span.strings['k'] === 'v1'],
  ["k NOT IN ('v1', '5', 'a', 'b', 'c', 'd')", (span: TestSpan) => !['v1', '5'].includes(span.strings['k']!)],
  ['user.id IN (u0, u1, u2, u3, u9, u8)', (span: TestSpan) => /^u[0-3]$/.test(span.strings['user.id'] ?? '')],
  ['service.name IN (a, b, c, d, e, video)', (span: TestSpan) => span.service === 'video'],
  [
    'attempt IN (1, 2) && retry = true',
    (span: TestSpan) => [1, 2].includes(span.integers['attempt']!) && span.booleans['retry'] === true,
  ],
  ['ratio >= 0.5 || attempt = 3', (span: TestSpan) => span.doubles['ratio']! >= 0.5 || span.integers['attempt'] === 3],
])('the filter %s', async (filter, matches) => {
  expect(await api.scalar({ signal: 'spans', filter })).toBe(spans.filter(matches).length)
})

describe('logs', () => {
  const balances = logs.flatMap(({ doubles }) => doubles['balance'] ?? [])
  const tries = logs.flatMap(({ integers }) => integers['tries'] ?? [])
  test.each<[string, number]>([
    ['count', logs.length],
    ['count(tries)', tries.length],
    ['rate', logs.length / 2400],
    ['sum(tries)', sum(tries)],
    ['avg(balance)', mean(balances)],
    ['min(balance)', Math.min(...balances)],
    ['max(balance)', Math.max(...balances)],
    ['p10(balance)', percentile(balances, 10)],
    ['p95(balance)', percentile(balances, 95)],
    ['uniq(service.name)', new Set(logs.map(({ service }) => service)).size],
  ])('%s', async (aggregate, expected) => {
    expect(await api.scalar({ signal: 'logs', aggregate })).toBeCloseTo(expected, 6)
  })

  const levelsOf: Record<string, (severity: number) => boolean> = {
    error: (severity) => severity >= 17 && severity <= 20,
    info: (severity) => severity >= 9 && severity <= 12,
    unset: (severity) => severity === 0,
  }
  test('are counted by level, service, words', async () => {
    const { results } = await api.ask({
      level: { signal: 'logs', groupBy: ['level'], kind: 'scalar' },
      words: { signal: 'logs', filter: 'timeout', kind: 'scalar' },
      rate: { signal: 'logs', aggregate: 'error_rate', kind: 'scalar' },
      plan: { signal: 'logs', filter: "plan = 'pro'", aggregate: 'uniq(service.name)', kind: 'scalar' },
    })
    for (const [level, matches] of Object.entries(levelsOf)) {
      const series = results['level']!.series!.find(({ labels }) => labels['level'] === level)
      expect(series?.value, level).toBe(logs.filter(({ severity }) => matches(severity)).length)
    }
    const value = (name: string) => results[name]!.series![0]!.value
    expect(value('words')).toBe(logs.filter(({ body }) => body.includes('timeout')).length)
    expect(value('rate')).toBeCloseTo(logs.filter(({ severity }) => severity >= 17).length / logs.length, 10)
    expect(value('plan')).toBe(
      new Set(logs.filter(({ strings }) => strings['plan'] === 'pro').map((log) => log.service)).size,
    )
  })
})
