import { expect, test } from 'vitest'
import { durationOf, logs, msOf, queryApi, spans, sum } from './query-api.ts'
import type { TestLog } from './rows/logs.ts'
import type { TestSpan } from './rows/spans.ts'

const api = queryApi()

test.each([
  ['spans', 'kind != server', (span: TestSpan) => span.kind !== 2],
  ['red_service_1m', 'kind = server', (span: TestSpan) => span.kind === 2],
])('a distribution from %s holds every span in its band', async (source, filter, matches) => {
  const { results, meta } = await api.ask({ a: { signal: 'spans', kind: 'distribution', filter } }, { step: 600 })
  expect(meta.source).toBe(source)
  const of = spans.filter(matches)
  const { series } = results['a']!
  expect(sum(series!.flatMap(({ points }) => points.map(([, value]) => value!)))).toBe(of.length)
  for (const { low, high, points } of series!) {
    for (const [at, value] of points) {
      // The bands are of whole microseconds.
      const within = of.filter((span) => {
        const ms = Math.max(1, Math.floor(durationOf(span) * 1000)) / 1000
        return ms >= low! && ms < high! && Math.floor(msOf(span) / 600_000) * 600_000 === at
      })
      expect(value).toBe(within.length)
    }
  }
})

const balances = (of: readonly TestLog[]) =>
  of.flatMap(({ timeNs, doubles }) =>
    doubles['balance'] === undefined ? [] : { at: Number(timeNs / 1_000_000n), value: doubles['balance'] },
  )

test.each<[string | undefined, object, (log: TestLog) => boolean]>([
  [undefined, { field: 'balance' }, () => true],
  [
    "service.name = 'video' AND level >= info",
    { field: 'balance' },
    (log) => log.service === 'video' && log.severity >= 9,
  ],
  ['timeout', { aggregate: 'p50(balance)' }, ({ body }) => body.includes('timeout')],
])('a distribution of logs (%s, %j) holds every value, negative ones and zeros too', async (filter, of, matches) => {
  const query = { signal: 'logs', kind: 'distribution', ...(filter && { filter }), ...of }
  const { results, meta } = await api.ask({ a: query }, { step: 600 })
  expect(meta.source).toBe('logs')
  const values = balances(logs.filter(matches))
  const { series, columns } = results['a']!
  expect(columns.map(({ name }) => name)).toEqual(['time', 'balance', 'value'])
  expect(sum(series!.flatMap(({ points }) => points.map(([, value]) => value!)))).toBe(values.length)
  expect(series!.map(({ low }) => low)).toEqual(series!.map(({ low }) => low!).sort((a, b) => a - b))
  for (const { low, high, points } of series!) {
    // Two bands for each power of two, away from zero.
    if (low !== 0) expect(high! / low!).toBeCloseTo(low! > 0 ? 2 ** 0.5 : 2 ** -0.5, 9)
    for (const [at, count] of points) {
      const within = values.filter(({ at: time, value }) => {
        const inBand = value > 0 ? value >= low! && value < high! : value > low! && value <= high!
        return (value === 0 ? low === 0 : inBand) && Math.floor(time / 600_000) * 600_000 === at
      })
      expect(count).toBe(within.length)
    }
  }
})
