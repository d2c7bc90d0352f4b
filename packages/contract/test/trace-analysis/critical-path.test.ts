import { criticalPath } from '@burstlet/contract/trace-analysis/critical-path'
import { noSpan, type TraceTree } from '@burstlet/contract/trace-analysis/trace-tree'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referencePath } from './reference-path.ts'
import { anyTimeline, type TimelineSpan, treeOf } from './timelines.ts'

/** What the path of a timeline says: id and times of each segment, `waiting` where no span ran. */
function pathOf(timeline: readonly TimelineSpan[]): string[] {
  return criticalPath(treeOf(timeline)).map(
    ({ span, from, to }) => `${span === noSpan ? 'waiting' : timeline[span]!.id} ${from}-${to}`,
  )
}

const span = (id: string, parent: string | null, from: number, to: number): TimelineSpan => ({ id, parent, from, to })

describe('the critical path of a request', () => {
  it('goes from the end to the child that ended last before, and on inside it', () => {
    const timeline = [
      span('root', null, 0, 100),
      span('first', 'root', 10, 30),
      span('second', 'root', 30, 90),
      span('inner', 'second', 50, 80),
    ]
    expect(pathOf(timeline)).toEqual([
      'root 0-10',
      'first 10-30',
      'second 30-50',
      'inner 50-80',
      'second 80-90',
      'root 90-100',
    ])
  })
  it('leaves out what ran beside the child that ended later', () => {
    expect(pathOf([span('root', null, 0, 100), span('a', 'root', 10, 50), span('b', 'root', 30, 70)])).toEqual([
      'root 0-30',
      'b 30-70',
      'root 70-100',
    ])
  })
  it('cuts a child that outlives its parent at its end, and names it', () => {
    // The video service ran for 1.59 of 1.61 s and ended a little after the gateway that had called it.
    const timeline = [
      span('root', null, 0, 2000),
      span('gateway', 'root', 0, 1610),
      span('video', 'gateway', 20, 1615),
      span('query', 'video', 30, 1612),
    ]
    expect(pathOf(timeline)).toEqual(['gateway 0-20', 'video 20-30', 'query 30-1610', 'root 1610-2000'])
  })
  it('follows a child that outlives the root to the end of the trace', () => {
    expect(pathOf([span('root', null, 0, 100), span('a', 'root', 10, 40), span('late', 'root', 50, 130)])).toEqual([
      'root 0-10',
      'a 10-40',
      'root 40-50',
      'late 50-130',
    ])
  })
  it('takes of children that end together the one that was waited for longest', () => {
    expect(pathOf([span('root', null, 0, 100), span('a', 'root', 10, 150), span('b', 'root', 90, 100)])).toEqual([
      'root 0-10',
      'a 10-150',
    ])
  })
  it('does not follow what begins after its parent has ended, while somebody else still runs', () => {
    expect(pathOf([span('root', null, 0, 100), span('a', 'root', 10, 20), span('b', 'a', 30, 95)])).toEqual([
      'root 0-10',
      'a 10-20',
      'root 20-100',
    ])
  })
  it('cuts a child that a wrong clock lets begin before its parent at the start of the parent', () => {
    const timeline = [span('root', null, 0, 100), span('call', 'root', 20, 80), span('served', 'call', 10, 60)]
    expect(pathOf(timeline)).toEqual(['root 0-20', 'served 20-60', 'call 60-80', 'root 80-100'])
    expect(pathOf([span('root', null, 10, 100), span('served', 'root', 5, 60)])).toEqual(['served 5-60', 'root 60-100'])
  })
  it('leaves out a child that a wrong clock puts outside its parent, unless nothing else ran', () => {
    expect(pathOf([span('root', null, 10, 100), span('served', 'root', 2, 7)])).toEqual([
      'served 2-7',
      'waiting 7-10',
      'root 10-100',
    ])
  })
})

describe('the critical path of messages', () => {
  it('goes from the consumer over the waiting to the producer', () => {
    const timeline = [
      span('request', null, 0, 4),
      span('publish', 'request', 1, 4),
      span('process', 'publish', 10, 116),
      span('query', 'process', 20, 110),
    ]
    expect(pathOf(timeline)).toEqual([
      'request 0-1',
      'publish 1-4',
      'waiting 4-10',
      'process 10-20',
      'query 20-110',
      'process 110-116',
    ])
  })
  it('goes back into the request that still runs when the consumer begins, at that point', () => {
    const timeline = [
      span('request', null, 0, 20),
      span('handler', 'request', 1, 18),
      span('publish', 'handler', 2, 4),
      span('respond', 'handler', 6, 17),
      span('process', 'publish', 8, 50),
    ]
    expect(pathOf(timeline)).toEqual(['request 0-1', 'handler 1-2', 'publish 2-4', 'handler 4-8', 'process 8-50'])
  })
  it('waits for nobody while another consumer works', () => {
    const timeline = [span('publish', null, 0, 4), span('a', 'publish', 10, 50), span('b', 'publish', 60, 116)]
    expect(pathOf(timeline)).toEqual(['publish 0-4', 'waiting 4-10', 'a 10-50', 'waiting 50-60', 'b 60-116'])
  })
  it('goes through every hop of a chain', () => {
    const timeline = [span('a', null, 0, 5), span('b', 'a', 8, 12), span('c', 'b', 20, 21), span('d', 'c', 21, 30)]
    expect(pathOf(timeline)).toEqual(['a 0-5', 'waiting 5-8', 'b 8-12', 'waiting 12-20', 'c 20-21', 'd 21-30'])
  })
})

describe('the critical path of traces that are not whole', () => {
  it('goes over several roots', () => {
    expect(pathOf([span('a', null, 0, 10), span('b', 'lost', 15, 40), span('c', null, 5, 12)])).toEqual([
      'a 0-5',
      'c 5-12',
      'waiting 12-15',
      'b 15-40',
    ])
  })
  it('goes from a span without its parent into what ran then, to its depth', () => {
    const timeline = [span('root', null, 0, 100), span('call', 'root', 5, 95), span('orphan', 'lost', 50, 120)]
    expect(pathOf(timeline)).toEqual(['root 0-5', 'call 5-50', 'orphan 50-120'])
  })
  it('has nothing to say of no spans, nor of spans without a length', () => {
    expect(pathOf([])).toEqual([])
    expect(pathOf([span('root', null, 5, 5), span('a', 'root', 5, 5)])).toEqual([])
    expect(pathOf([span('root', null, 0, 10), span('mark', 'root', 5, 5), span('late', 'root', 12, 12)])).toEqual([
      'root 0-10',
      'waiting 10-12',
    ])
  })
})

/** Who has each unit of time. */
function ownersOf(tree: TraceTree): number[] {
  const segments = criticalPath(tree)
  return segments.flatMap(({ span: owner, from, to }) => Array<number>(to - from).fill(owner))
}

describe('every critical path', () => {
  const runs = { numRuns: 3000 }
  it('goes without a gap or an overlap from the first start to the last end', () => {
    fc.assert(
      fc.property(anyTimeline, (timeline) => {
        const tree = treeOf(timeline)
        let reached = Math.min(...tree.starts)
        for (const { from, to } of criticalPath(tree)) {
          expect(from).toBe(reached)
          expect(to).toBeGreaterThan(from)
          reached = to
        }
        expect(reached).toBe(Math.max(...tree.ends))
      }),
      runs,
    )
  })
  it('has each segment within its span, whole, and waits only where nothing runs', () => {
    fc.assert(
      fc.property(anyTimeline, (timeline) => {
        const tree = treeOf(timeline)
        let before: number | undefined
        for (const { span: owner, from, to } of criticalPath(tree)) {
          if (owner === noSpan) {
            for (const other of timeline)
              expect(other.to > other.from && other.from < to && other.to > from).toBe(false)
          } else {
            expect(tree.starts[owner]).toBeLessThanOrEqual(from)
            expect(tree.ends[owner]).toBeGreaterThanOrEqual(to)
          }
          expect(owner).not.toBe(before)
          before = owner
        }
      }),
      runs,
    )
  })
  it('never passes the end of a child of the span that it is in', () => {
    fc.assert(
      fc.property(anyTimeline, (timeline) => {
        const tree = treeOf(timeline)
        for (const { span: owner, from, to } of criticalPath(tree)) {
          if (owner === noSpan) continue
          for (const child of tree.children[owner]!) {
            const isInside =
              tree.ends[child]! > from && tree.ends[child]! < to && tree.starts[child]! < tree.ends[child]!
            expect(isInside).toBe(false)
          }
        }
      }),
      runs,
    )
  })
  it('is the one that a search through all spans finds', () => {
    fc.assert(
      fc.property(anyTimeline, (timeline) => {
        const tree = treeOf(timeline)
        expect(ownersOf(tree)).toEqual(referencePath(tree))
      }),
      runs,
    )
  })
  it('is the same whatever the order in which the spans come', () => {
    const shuffled = anyTimeline.chain((timeline) =>
      fc.tuple(fc.constant(timeline), fc.shuffledSubarray(timeline, { minLength: timeline.length })),
    )
    fc.assert(
      fc.property(shuffled, ([timeline, other]) => {
        expect(pathOf(other)).toEqual(pathOf(timeline))
      }),
      runs,
    )
  })
})
