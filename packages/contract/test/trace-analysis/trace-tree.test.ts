import { nanosSinceFirst } from '@burstlet/contract/trace-analysis/nanoseconds'
import { noSpan } from '@burstlet/contract/trace-analysis/trace-tree'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyTimeline, type TimelineSpan, treeOf } from './timelines.ts'

describe('the tree of a trace', () => {
  const drawnIds = (timeline: readonly TimelineSpan[]) => [...treeOf(timeline).drawn].map((span) => timeline[span]!.id)

  it('draws siblings by start, the longer one first, then by id', () => {
    expect(
      drawnIds([
        { id: 'd', parent: 'r', from: 2, to: 4 },
        { id: 'c', parent: 'r', from: 2, to: 4 },
        { id: 'b', parent: 'r', from: 2, to: 5 },
        { id: 'x', parent: 'b', from: 3, to: 4 },
        { id: 'a', parent: 'r', from: 1, to: 2 },
        { id: 'r', parent: null, from: 0, to: 10 },
      ]),
    ).toEqual(['r', 'a', 'b', 'x', 'c', 'd'])
  })
  it('has every span once, after its parent, whatever came', () => {
    fc.assert(
      fc.property(anyTimeline, (timeline) => {
        const { drawn, parents, roots, children } = treeOf(timeline)
        expect([...drawn].sort((a, b) => a - b)).toEqual(timeline.map((_, span) => span))
        const places = new Map([...drawn].map((span, place) => [span, place]))
        for (const span of drawn) {
          const parent = parents[span]!
          const siblings = parent === noSpan ? roots : children[parent]!
          expect(siblings.filter((each) => each === span)).toHaveLength(1)
          if (parent !== noSpan) expect(places.get(parent)!).toBeLessThan(places.get(span)!)
        }
      }),
      { numRuns: 2000 },
    )
  })
  it('puts the earliest span of a circle on top, and keeps what leads into it', () => {
    const timeline = [
      { id: 'tail', parent: 'b', from: 0, to: 1 },
      { id: 'a', parent: 'b', from: 5, to: 6 },
      { id: 'b', parent: 'c', from: 4, to: 6 },
      { id: 'c', parent: 'a', from: 7, to: 8 },
      { id: 'self', parent: 'self', from: 9, to: 10 },
    ]
    const { roots } = treeOf(timeline)
    expect(roots.map((span) => timeline[span]!.id)).toEqual(['b', 'self'])
    expect(drawnIds(timeline)).toEqual(['b', 'tail', 'a', 'c', 'self'])
  })
  it('puts a server that shares the id of its client below it, and what it called below the server', () => {
    const timeline = [
      { id: 'root', parent: null, from: 0, to: 10 },
      { id: 'call', parent: 'root', from: 1, to: 9 },
      { id: 'call', parent: 'root', from: 2, to: 8, isServer: true },
      { id: 'query', parent: 'call', from: 3, to: 7 },
    ]
    expect([...treeOf(timeline).parents]).toEqual([noSpan, 0, 1, 2])
    const skewed = timeline.map((span) => (span.isServer ? { ...span, from: 0 } : span))
    expect([...treeOf(skewed).parents]).toEqual([noSpan, 0, 1, 2])
  })
})

it('times are exact to the nanosecond, as text and as bigint', () => {
  const first = 1_790_000_000_000_000_001n
  expect(nanosSinceFirst([String(first + 86_400_000_000_003n), String(first), String(first + 1n)])).toEqual([
    86_400_000_000_003, 0, 1,
  ])
  expect(nanosSinceFirst([first, first - 7n])).toEqual([7, 0])
  expect(nanosSinceFirst([])).toEqual([])
})
