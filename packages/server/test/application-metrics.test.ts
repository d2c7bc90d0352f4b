import { type ApplicationResponse, applicationResponse } from '@burstlet/contract/metrics'
import { expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { expectPercentile, failed } from './red-figures.ts'
import { insertSpans, randomTraces, type TestSpan } from './rows/spans.ts'
import { get } from './test-api.ts'

const end = Date.now() - 60_000
const spans = randomTraces(300, end)
const of = spans.filter(({ service, kind }) => service === 'gateway' && (kind === 2 || kind === 5))
const api = startedApi((engine) => insertSpans(engine, spans))

const ms = ({ startNs }: TestSpan) => Number(startNs / 1_000_000n)
const methodOf = ({ strings }: TestSpan) => strings['http.request.method'] ?? strings['http.method']
const codeOf = ({ integers }: TestSpan) => integers['http.response.status_code'] ?? integers['http.status_code']
const endpointOf = (span: TestSpan) => `${methodOf(span) ?? ''} ${span.strings['http.route'] ?? span.name}`.trim()
const errorOf = (span: TestSpan) => ((codeOf(span) ?? 0) >= 400 ? String(codeOf(span)) : 'unknown')

/** How often each occurs; what has none is left out. */
function counts(all: readonly TestSpan[], keyOf: (span: TestSpan) => string | number | undefined) {
  const known = all.filter((span) => keyOf(span) !== undefined)
  return Object.fromEntries([...Map.groupBy(known, keyOf)].map(([key, spans]) => [String(key), spans.length]))
}

const different = (all: readonly TestSpan[], key: string) =>
  new Set(all.flatMap(({ strings }) => strings[key] ?? [])).size

async function ask(query: object): Promise<ApplicationResponse> {
  return applicationResponse.parse(
    await get(api.app, '/metrics', { category: 'application', service: 'gateway', ...query }),
  )
}

test('every interval has its requests, errors and users', async () => {
  const answer = await ask({ interval: 600 })
  expect(answer.intervalSeconds).toBe(600)
  expect(answer.items.reduce((sum, { requests }) => sum + requests.total, 0)).toBe(of.length)
  for (const item of answer.items) {
    const at = Date.parse(item.timestamp)
    const within = of.filter((span) => Math.floor(ms(span) / 600_000) * 600_000 === at)
    const errors = within.filter(({ status }) => status === 2)
    expect(item.requests).toMatchObject({
      total: within.length,
      byEndpoint: counts(within, endpointOf),
      byMethod: counts(within, methodOf),
      byStatus: counts(within, codeOf),
    })
    expect(item.errors).toEqual({
      total: errors.length,
      rate: failed(within) / within.length,
      byType: counts(errors, errorOf),
    })
    const mean = within.reduce((sum, { durationNs }) => sum + Number(durationNs) / 1e6, 0) / within.length
    expect(item.response.average).toBeCloseTo(mean, 2)
    expectPercentile(item.response.median, within, 50)
    expectPercentile(item.response.p95, within, 95)
    expectPercentile(item.response.p99, within, 99)
    expect(item.activeUsers).toBe(different(within, 'user.id'))
    expect(item.activeSessions).toBe(different(within, 'session.id'))
  }
  const times = answer.items.map(({ timestamp }) => timestamp)
  expect(times).toEqual([...times].sort().reverse())
})

test('minutes that the range cuts count whole, in every part of an item', async () => {
  const [from, to] = [end - 1_823_456, end - 623_456]
  const [first, last] = [Math.floor(from / 60_000) * 60_000, Math.ceil(to / 60_000) * 60_000]
  const { items } = await ask({ from, to, interval: 300 })
  expect(items.length).toBeGreaterThan(3)
  for (const { timestamp, requests, errors } of items) {
    const at = Date.parse(timestamp)
    const [begin, stop] = [Math.max(at, first), Math.min(at + 300_000, last)]
    const within = of.filter((span) => ms(span) >= begin && ms(span) < stop)
    expect(requests.total).toBe(within.length)
    expect(requests.rate).toBeCloseTo(within.length / ((stop - begin) / 1000), 10)
    expect(requests.byEndpoint).toEqual(counts(within, endpointOf))
    expect(errors.byType).toEqual(
      counts(
        within.filter(({ status }) => status === 2),
        errorOf,
      ),
    )
  }
})
