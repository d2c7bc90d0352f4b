import type { FieldValuesResponse } from '@burstlet/contract/fields'
import type { MetricNamesResponse } from '@burstlet/contract/metrics'
import type { OverviewResponse } from '@burstlet/contract/overview'
import type { ServicesResponse } from '@burstlet/contract/services'
import { expect, test } from 'vitest'
import { startedApi } from './engine-and-api.ts'
import { nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { get } from './test-api.ts'

const hour = 3_600_000
const day = 24 * hour
const at = Date.now() - 2 * day
const range = { from: at - hour, to: at + hour }
const space = 'default'
const time = time64(nsOfMs(at))
const ahead = time64(nsOfMs(Date.now() + 26 * hour))

/** Services that were heard of today only, each by the kind of telemetry that it sends, all of it of another day. */
const late = ['calls', 'queues', 'works', 'logs', 'gauge', 'histogram', 'exponential', 'summary']

const api = startedApi(async (engine) => {
  const received = receivedNow()
  await engine.insert(
    'resources',
    [...late, 'today', 'ahead'].map((service, index) => ({ space, received, hash: index + 1, service })),
  )
  const span = (service: string, kind: number, start = time) => ({ space, received, service, start, kind })
  await engine.insert('spans', [
    span('calls', 3),
    span('queues', 4),
    span('works', 1),
    span('today', 3, time64(nsOfMs(Date.now()))),
    span('ahead', 1, ahead),
  ])
  await engine.insert('logs', [{ space, received, service: 'logs', time, severity: 9, record_id: 1, body: 'late' }])
  const tables = {
    gauge: 'metric_samples',
    histogram: 'metric_histograms',
    exponential: 'metric_exponential_histograms',
    summary: 'metric_summaries',
  }
  for (const [index, [service, table]] of Object.entries(tables).entries()) {
    const fingerprint = String(index + 1)
    const name = `of.${service}`
    await engine.insert('metric_series', [{ space, received, name, fingerprint, type: 1, service }])
    await engine.insert(table, [{ space, received, name, fingerprint, time }])
  }
  await engine.insert('metric_series', [
    { space, received, name: 'of.today', fingerprint: '99', type: 1, service: 'today' },
  ])
  await engine.insert('metric_samples', [
    { space, received, name: 'of.today', fingerprint: '99', time: time64(nsOfMs(Date.now())) },
  ])
})

test('services are listed by when their telemetry is of, not by when it was received', async () => {
  const names = async (of: { from: number; to: number }) => {
    const { items }: ServicesResponse = await get(api.app, '/services', of)
    const overview: OverviewResponse = await get(api.app, '/overview', of)
    expect(overview.services.map(({ name }) => name).sort()).toEqual(items.map(({ name }) => name).sort())
    return items.map(({ name }) => name).sort()
  }
  expect(await names(range)).toEqual(late.toSorted())
  expect(await names({ from: at - 5 * hour, to: at - 4 * hour })).toEqual([])
  expect(await names({ from: Date.now() + 25 * hour, to: Date.now() + 27 * hour })).toEqual(['ahead'])
})

test('so are metrics and their fields', async () => {
  const { items }: MetricNamesResponse = await get(api.app, '/metrics/names', range)
  expect(items.map(({ name }) => name)).toEqual(['of.exponential', 'of.gauge', 'of.histogram', 'of.summary'])
  const services: FieldValuesResponse = await get(api.app, '/fields/values', {
    ...range,
    signal: 'metrics',
    key: 'service.name',
  })
  expect(services.items.map(({ value }) => value)).toContain('gauge')
})
