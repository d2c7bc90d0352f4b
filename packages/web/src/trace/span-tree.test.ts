import type { Span } from '@burstlet/contract/traces'
import { describe, expect, it } from 'vitest'
import { criticalPath, maxCritical } from './critical-path.ts'
import { ancestors, buildTree, selfTime, visibleRows } from './span-tree.ts'

const START = 1_790_000_000_000_000_000n

/** A span by id, parent, start and length in ms; the rest does not matter to the tree. */
function span(spanId: string, parentSpanId: string | null, startMs: number, durationMs: number, service = 'a'): Span {
  const start = START + BigInt(Math.round(startMs * 1e6))
  return { spanId, parentSpanId, service, durationMs, startTimeUnixNano: String(start) } as Span
}

const ids = (nodes: { span: Span }[]) => nodes.map((node) => node.span.spanId)

describe('buildTree', () => {
  it('orders by start whatever the order of arrival, to the microsecond', () => {
    const tree = buildTree([span('c', 'r', 2.001, 1), span('b', 'r', 2, 1), span('r', null, 0, 10)])
    expect(ids(visibleRows(tree, new Set()))).toEqual(['r', 'b', 'c'])
    expect(tree.byId.get('c')!.offset).toBeCloseTo(2.001, 6)
    expect(tree.duration).toBe(10)
    expect(tree.start).toBe(1_790_000_000_000)
  })
  it('makes spans without a known parent roots and says so', () => {
    const tree = buildTree([span('r', null, 0, 10), span('x', 'lost', 1, 20)])
    expect(tree.roots.map((root) => [root.span.spanId, root.isOrphan])).toEqual([
      ['r', false],
      ['x', true],
    ])
    expect(tree.duration).toBe(21)
  })
  it('stands spans that are their own ancestors', () => {
    const tree = buildTree([span('a', 'b', 0, 1), span('b', 'a', 0, 1), span('s', 's', 0, 1)])
    expect(ids(visibleRows(tree, new Set())).sort()).toEqual(['a', 'b', 's'])
  })
  it('takes 10,000 spans, each under the other', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => span(`${i}`, i ? `${i - 1}` : null, i, 1))
    const rows = visibleRows(buildTree(spans), new Set())
    expect(rows).toHaveLength(10_000)
    expect(rows.at(-1)!.depth).toBe(9_999)
    expect(ancestors(rows[3]!)).toHaveLength(3)
  })
  it('is fine with nothing', () => {
    expect(buildTree([])).toMatchObject({ roots: [], duration: 0 })
  })
})

describe('rows and times', () => {
  const tree = buildTree([
    span('r', null, 0, 100),
    span('a', 'r', 10, 40, 'b'),
    span('a1', 'a', 20, 10, 'c'),
    span('b', 'r', 30, 40, 'b'),
  ])
  it('leaves out what lies under a collapsed span', () => {
    expect(ids(visibleRows(tree, new Set(['a'])))).toEqual(['r', 'a', 'b'])
    expect(ids(visibleRows(tree, new Set(['r'])))).toEqual(['r'])
  })
  it('counts overlapping children once', () => {
    expect(selfTime(tree.byId.get('r')!)).toBe(40)
    expect(selfTime(tree.byId.get('a1')!)).toBe(10)
  })
  it('walks the critical path back from the end', () => {
    // b ended last; a ran beside it and is not on the path.
    const path = criticalPath(tree)
    expect(path.get('b')).toEqual([{ from: 30, to: 70 }])
    expect(path.get('r')).toEqual([
      { from: 70, to: 100 },
      { from: 0, to: 30 },
    ])
    expect(path.has('a')).toBe(false)
    expect(maxCritical(tree, path)).toEqual({ service: 'a', share: 0.6 })
  })
})
