import { describe, expect, test } from 'vitest'
import { metricApi, minute, now, point } from './metric-api.ts'

const api = metricApi()

describe('histograms', () => {
  const histogram = (
    name: string,
    fingerprint: string,
    at: number,
    start: number,
    buckets: number[],
    sum: number,
    extremes?: [number, number],
  ) => ({
    ...point(name, fingerprint, at, start),
    count: String(buckets.reduce((total, count) => total + count, 0)),
    has: extremes ? 7 : 1,
    sum,
    min: extremes?.[0] ?? 0,
    max: extremes?.[1] ?? 0,
    buckets: buckets.map(String),
  })

  test('explicit ones, delta: percentiles within buckets and extremes', async () => {
    const a = await api.series('latency', { type: 3, temporality: 1, unit: 'ms', bounds: [10, 20, 30] })
    await api.engine.insert('metric_histograms', [
      histogram('latency', a, now - 2 * minute, now - 3 * minute, [0, 10, 0, 0], 150, [11, 19]),
      histogram('latency', a, now - minute, now - 2 * minute, [10, 0, 0, 10], 1200, [2, 110]),
    ])
    const ask = (aggregation: string) => api.values({ name: 'latency', aggregation })
    // What a point tells was recorded in the minute before it.
    expect(await ask('p50')).toEqual({ 3: 15, 2: 10 })
    expect(await ask('p100')).toEqual({ 3: 19, 2: 110 })
    expect(await ask('p75')).toEqual({ 3: 17.5, 2: 70 })
    expect(await ask('avg')).toEqual({ 3: 15, 2: 60 })
    expect(await ask('sum')).toEqual({ 3: 150, 2: 1200 })
    expect(await ask('count')).toEqual({ 3: 10, 2: 20 })
    expect(await ask('rate')).toEqual({ 3: 10 / 60, 2: 20 / 60 })
    expect(await ask('min')).toEqual({ 3: 11, 2: 2 })
    expect(await ask('max')).toEqual({ 3: 19, 2: 110 })
    expect((await api.values({ name: 'latency' }))[3]).toBeCloseTo(19, 10)
  })

  test('explicit ones, cumulative, with other bounds in the same group', async () => {
    const a = await api.series('sizes', { type: 3, temporality: 2, bounds: [10, 20] })
    const b = await api.series('sizes', { type: 3, temporality: 2, bounds: [15] })
    const before = now - 600 * minute
    await api.engine.insert('metric_histograms', [
      histogram('sizes', a, now - 3 * minute, before, [100, 100, 0], 1),
      histogram('sizes', a, now - 2 * minute, before, [100, 104, 0], 61),
      histogram('sizes', a, now - minute, now - 1.5 * minute, [2, 0, 0], 10),
      histogram('sizes', b, now - 2 * minute, now - 2.5 * minute, [4, 0], 20),
    ])
    expect(await api.values({ name: 'sizes', aggregation: 'count' })).toEqual({ 3: 8, 2: 2 })
    expect(await api.values({ name: 'sizes', aggregation: 'sum' })).toEqual({ 3: 80, 2: 10 })
    // Four values spread over 0–15 and four over 10–20: six of the eight lie below 15, one more each 2.5 after that.
    expect((await api.values({ name: 'sizes', aggregation: 'p75' }))[3]).toBeCloseTo(15, 9)
    expect(await api.values({ name: 'sizes', aggregation: 'p50' })).toMatchObject({ 2: 5 })
  })

  test('the extremes of a cumulative one are not those of an interval', async () => {
    const a = await api.series('waits', { type: 3, temporality: 2, bounds: [10, 20] })
    const hour = now - 600 * minute
    await api.engine.insert('metric_histograms', [
      histogram('waits', a, now - 3 * minute, hour, [5, 5, 5], 200, [1, 90]),
      histogram('waits', a, now - 2 * minute, hour, [5, 9, 5], 260, [1, 90]),
    ])
    expect((await api.values({ name: 'waits', aggregation: 'max' }))[3]).toBe(20)
    expect((await api.values({ name: 'waits', aggregation: 'min' }))[3]).toBe(10)
  })

  test('exponential ones, cumulative, across a change of scale', async () => {
    const a = await api.series('exponential', { type: 4, temporality: 2 })
    const row = (at: number, scale: number, offset: number, positive: number[], zeros: number, sum: number) => ({
      ...point('exponential', a, at, now - 4 * minute),
      count: String(positive.reduce((total, count) => total + count, zeros)),
      has: 1,
      sum,
      scale,
      zero_count: String(zeros),
      positive_offset: offset,
      positive: positive.map(String),
    })
    await api.engine.insert('metric_exponential_histograms', [
      // base 2: five in (1, 2], five in (2, 4]
      row(now - 3 * minute, 0, 0, [5, 5], 0, 20),
      // base 4: (1, 4] as before, four more in (4, 16], two zeros
      row(now - 2 * minute, -1, 0, [10, 4], 2, 60),
    ])
    expect(await api.values({ name: 'exponential', aggregation: 'count' })).toEqual({ 4: 10, 3: 6 })
    expect(await api.values({ name: 'exponential', aggregation: 'sum' })).toEqual({ 4: 20, 3: 40 })
    const p50 = await api.values({ name: 'exponential', aggregation: 'p50' })
    // Of its own scale: what came later is coarser.
    expect(p50[4]).toBeCloseTo(2, 9)
    expect(p50[3]).toBeCloseTo(7, 9)
    expect((await api.values({ name: 'exponential', aggregation: 'p10' }))[3]).toBeCloseTo(0, 9)
  })

  test('summaries answer by their own quantiles', async () => {
    const a = await api.series('gc', { type: 5 })
    const row = (at: number, count: number, sum: number) => ({
      ...point('gc', a, at, now - 600 * minute),
      count: String(count),
      sum,
      quantiles: [0.5, 0.9, 0.99],
      quantile_values: [5, 9, 18],
    })
    await api.engine.insert('metric_summaries', [row(now - 3 * minute, 100, 500), row(now - 2 * minute, 110, 580)])
    expect(await api.values({ name: 'gc', aggregation: 'count' })).toEqual({ 3: 10 })
    expect(await api.values({ name: 'gc', aggregation: 'avg' })).toEqual({ 3: 8 })
    expect(await api.values({ name: 'gc', aggregation: 'p50' })).toEqual({ 3: 5, 2: 5 })
    expect((await api.values({ name: 'gc', aggregation: 'p70' }))[2]).toBeCloseTo(7, 9)
    expect(await api.values({ name: 'gc', aggregation: 'max' })).toEqual({ 3: 18, 2: 18 })
  })
})
