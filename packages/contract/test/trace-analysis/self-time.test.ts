import { selfTimes } from '@burstlet/contract/trace-analysis/self-time'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyTimeline, synchronousTimeline, treeOf } from './timelines.ts'

describe('self time', () => {
  it('counts overlapping children once, and only within the span', () => {
    const tree = treeOf([
      { id: 'root', parent: null, from: 10, to: 100 },
      { id: 'early', parent: 'root', from: 0, to: 20 },
      { id: 'a', parent: 'root', from: 30, to: 60 },
      { id: 'b', parent: 'root', from: 50, to: 70 },
      { id: 'within', parent: 'root', from: 55, to: 58 },
      { id: 'late', parent: 'root', from: 95, to: 130 },
      { id: 'after', parent: 'root', from: 110, to: 140 },
    ])
    expect([...selfTimes(tree)]).toEqual([35, 20, 30, 20, 3, 35, 30])
  })
  it('is the duration without the union of the children cut to the span, and never negative', () => {
    fc.assert(
      fc.property(anyTimeline, (timeline) => {
        const tree = treeOf(timeline)
        const own = selfTimes(tree)
        timeline.forEach(({ from, to }, span) => {
          let expected = 0
          for (let time = from; time < to; time++)
            if (!tree.children[span]!.some((child) => timeline[child]!.from <= time && time < timeline[child]!.to))
              expected++
          expect(own[span]).toBe(expected)
        })
      }),
      { numRuns: 2000 },
    )
  })
  it('adds up to the duration of the root where each waits for the other', () => {
    fc.assert(
      fc.property(synchronousTimeline, (timeline) => {
        const sum = selfTimes(treeOf(timeline)).reduce((total, own) => total + own, 0)
        expect(sum).toBe(timeline[0]!.to - timeline[0]!.from)
      }),
      { numRuns: 1000 },
    )
  })
})
