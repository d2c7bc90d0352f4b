import { type MetricResponse, metricResponse } from '@burstlet/contract/metrics'
import { expect } from 'vitest'
import { type StartedApi, startedApi } from './engine-and-api.ts'
import { nsOfMs, receivedNow, time64 } from './rows/times.ts'
import { get } from './test-api.ts'

export const minute = 60_000
export const now = Math.floor(Date.now() / minute) * minute
export const range = { from: now - 5 * minute, to: now, interval: 60 }

/** What the tests of metrics start from: an API over an engine that knows two resources (hashes 7 and 8). */
export interface MetricApi extends StartedApi {
  /** Announces a series and gives its fingerprint. */
  series(name: string, kind: Record<string, unknown>): Promise<string>
  /** Values of the only series, by minutes before now. */
  values(query: Record<string, unknown>): Promise<Record<number, number | null>>
}

/** Started before the tests of the file that calls this, and stopped after them. */
export function metricApi(): MetricApi {
  let fingerprints = 0
  const api = startedApi(async (engine) => {
    const row = { space: 'default', received: receivedNow() }
    await engine.insert('resources', [
      { ...row, hash: '7', service: 'video', attr_s: { 'service.name': 'video', 'host.name': 'h1' } },
      { ...row, hash: '8', service: 'web', attr_s: { 'host.name': 'h2' } },
    ])
  })
  return Object.assign(api, {
    async series(name: string, kind: Record<string, unknown>) {
      fingerprints += 1
      const fingerprint = String(fingerprints)
      const row = { temporality: 0, monotonic: false, unit: '1', service: 'video', res_hash: '7', scope_hash: '1' }
      await api.engine.insert('metric_series', [
        { space: 'default', received: receivedNow(), name, fingerprint, ...row, ...kind },
      ])
      return fingerprint
    },
    async values(query: Record<string, unknown>) {
      const answer: MetricResponse = metricResponse.parse(await get(api.app, '/metrics', { ...range, ...query }))
      expect(answer.series.length).toBeLessThanOrEqual(1)
      return Object.fromEntries((answer.series[0]?.points ?? []).map(([at, value]) => [(now - at) / minute, value]))
    },
  })
}

/** What a point of every kind has. */
export const point = (name: string, fingerprint: string, at: number, start: number) => ({
  space: 'default',
  received: receivedNow(),
  name,
  fingerprint,
  time: time64(nsOfMs(at)),
  start: time64(nsOfMs(start)),
})

/** A row of `metric_samples`. */
export const sample = (name: string, fingerprint: string, at: number, value: number, start = 0) => ({
  ...point(name, fingerprint, at, start),
  value_type: 1,
  value_double: value,
})
