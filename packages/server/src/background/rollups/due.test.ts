import { describe, expect, it } from 'vitest'
import { dueBatches } from './due.ts'
import { MinuteCounts } from './minute-counts.ts'
import type { PublishedWindow } from './rollup.ts'

const rollup = { windowSeconds: 60, settleSeconds: 10, lookbackSeconds: 600, lookaheadSeconds: 120 }
const arrivals = (counts: Record<number, number>) =>
  new MinuteCounts(Object.entries(counts).map(([minute, count]) => [Number(minute) * 60, count]))
const published = (minute: number, seen: number, computed: number): PublishedWindow => ({
  start: minute * 60,
  run: 1n,
  seen,
  sourcesFrom: minute * 60 - 600,
  sourcesTo: minute * 60 + 180,
  computed,
})
const due = (
  counts: Record<number, number>,
  windows: readonly PublishedWindow[],
  now: number,
  candidates: readonly number[] = [],
) =>
  dueBatches(
    rollup,
    arrivals(counts),
    new Map(windows.map((window) => [window.start, window])),
    now,
    100 * 60,
    candidates.map((minute) => minute * 60),
  ).map(({ windows: starts, ...batch }) => ({ ...batch, windows: starts.map((start) => start / 60) }))

describe('windows are due', () => {
  it('when their time is over and has settled', () => {
    expect(due({ 200: 5 }, [], 201 * 60 + 9)).toEqual([])
    expect(due({ 200: 5 }, [], 201 * 60 + 10)).toEqual([
      { windows: [200], from: 12_000, to: 12_060, sourcesFrom: 11_400, sourcesTo: 12_180 },
    ])
  })

  it('again when something arrived in what they are made from, up to a minute later the older they are', () => {
    const counts = { 195: 3, 200: 5 }
    const known = published(200, 8, 12_100)
    expect(due(counts, [known, published(195, 3, 12_100)], 20_000)).toEqual([])
    // A span before it, which may be the parent of one in it.
    const late = { ...counts, 192: 1 }
    expect(due(late, [known], 12_119).map(({ windows }) => windows)).not.toContainEqual([200])
    expect(due(late, [known, published(195, 4, 0), published(192, 1, 0)], 12_130)).toMatchObject([{ windows: [200] }])
    const old = published(200, 8, 20_000)
    expect(due(late, [old, published(195, 4, 0), published(192, 1, 0)], 20_059)).toEqual([])
    expect(due(late, [old, published(195, 4, 0), published(192, 1, 0)], 20_060)).toMatchObject([{ windows: [200] }])
  })

  it('together when nothing lies between them', () => {
    expect(due({ 200: 1, 201: 1, 205: 1, 400: 1 }, [], 100_000).map(({ windows }) => windows)).toEqual([
      [400],
      [200, 201, 205],
    ])
    const between = published(203, 4, 0)
    expect(due({ 200: 1, 203: 1, 205: 1 }, [{ ...between, seen: 3 }], 100_000).map(({ windows }) => windows)).toEqual([
      [205],
      [200],
    ])
  })

  it('not when some of what they are made from is gone', () => {
    expect(due({ 99: 5, 100: 5 }, [], 100_000).map(({ windows }) => windows)).toEqual([[100]])
  })

  it('when spans came before arrivals were counted', () => {
    expect(due({}, [], 100_000, [150, 150, 151]).map(({ windows }) => windows)).toEqual([[150, 151]])
  })

  it('in batches of a bounded number of spans, with less before them when there are many', () => {
    const counts = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [200 + index, 400_000]))
    const batches = due(counts, [], 100_000)
    expect(batches.map(({ windows }) => windows.length)).toEqual(Array.from({ length: 15 }, () => 2))
    // The newest come first.
    expect(batches[0]!.from - batches[0]!.sourcesFrom).toBe(300)
  })
})
