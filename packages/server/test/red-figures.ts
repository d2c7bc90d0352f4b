import type { Point } from '@burstlet/contract/common'
import { expect } from 'vitest'
import type { TestSpan } from './rows/spans.ts'

/** What the API says of some requests. */
export interface Figures {
  requests: number
  requestRate: number
  errors: number
  errorRate: number
  p50: number | null
  p95: number | null
  p99: number | null
}

/** Nearest rank of the exact durations, ms. */
export function exactPercentile(of: readonly TestSpan[], percent: number): number {
  const sorted = of.map(({ durationNs }) => Number(durationNs) / 1e6).sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
}

/** Within half a bucket of the rollup's histogram, which is of whole microseconds; null without requests. */
export function expectPercentile(found: number | null, of: readonly TestSpan[], percent: number): void {
  if (of.length === 0) {
    expect(found).toBeNull()
    return
  }
  const exact = exactPercentile(of, percent)
  expect(Math.abs(found! - exact), `p${percent}`).toBeLessThan(0.0443 * exact + 0.001)
}

/** @param seconds that the requests were made in */
export function expectRed(figures: Figures, of: readonly TestSpan[], seconds: number): void {
  const errors = failed(of)
  expect(figures.requests).toBe(of.length)
  expect(figures.errors).toBe(errors)
  expect(figures.errorRate).toBeCloseTo(errors / Math.max(1, of.length), 10)
  expect(figures.requestRate).toBeCloseTo(of.length / seconds, 10)
  for (const percent of [50, 95, 99] as const) expectPercentile(figures[`p${percent}`], of, percent)
}

/** Points of the buckets that the range has in full. */
export function expectSeries(
  series: { readonly [Name in 'requestRate' | 'errorRate' | 'p50' | 'p95' | 'p99']?: readonly Point[] },
  of: readonly TestSpan[],
  intervalSeconds: number,
  range: { from: number; to: number },
): void {
  const step = intervalSeconds * 1000
  for (const [name, points] of Object.entries(series)) {
    expect(points.map(([at]) => at)).toEqual(bucketsOf(range, step))
    for (const [at, found] of points) {
      if (at < range.from || at + step > range.to) continue
      const own = of.filter(({ startNs }) => Math.floor(Number(startNs / 1_000_000n) / step) * step === at)
      if (name === 'requestRate') expect(found).toBeCloseTo(own.length / intervalSeconds, 10)
      else if (name === 'errorRate') expect(found).toBeCloseTo(failed(own) / Math.max(1, own.length), 10)
      else expectPercentile(found, own, Number(name.slice(1)))
    }
  }
}

export function failed(of: readonly TestSpan[]): number {
  return of.filter(({ status }) => status === 2).length
}

/** Starts of all buckets that a range touches. */
function bucketsOf({ from, to }: { from: number; to: number }, step: number): number[] {
  const first = Math.floor(from / step)
  return Array.from({ length: Math.ceil(to / step) - first }, (_, index) => (first + index) * step)
}

/** What a span of kind server or consumer was asked for. */
export function endpointOf({ service, name, kind, strings }: TestSpan): string {
  const method = strings['http.request.method'] ?? strings['http.method'] ?? ''
  return [service, name, kind === 2 ? 'server' : 'consumer', method, strings['http.route'] ?? ''].join('|')
}
