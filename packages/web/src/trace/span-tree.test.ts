import { examplePath, exampleTrace } from '@burstlet/testkit/example-trace'
import { describe, expect, it } from 'vitest'
import type { Span } from '../api/responses.ts'
import { maxCritical, pathSections } from './path-sections.ts'
import { ancestors, buildTree, visibleRows } from './span-tree.ts'

const startNs = 1_790_000_000_000_000_000n

/** A span by id, parent, start and length in ms; the rest does not matter to the tree. */
function span(spanId: string, parentSpanId: string | null, startMs: number, durationMs: number, service = 'a'): Span {
  const start = startNs + BigInt(Math.round(startMs * 1e6))
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
    expect(tree.byId.get('r')!.self).toBe(40)
    expect(tree.byId.get('a1')!.self).toBe(10)
  })
  it('walks the critical path back from the end', () => {
    // b ended last; a ran beside it and is not on the path.
    const path = pathSections(tree)
    const of = (id: string) => path.spans.get(tree.byId.get(id)!)
    expect(of('b')).toEqual([{ from: 30, to: 70 }])
    expect(of('r')).toEqual([
      { from: 0, to: 30 },
      { from: 70, to: 100 },
    ])
    expect(of('a')).toBe(undefined)
    expect(maxCritical(path)).toEqual({ service: 'a', share: 0.6 })
  })
})

describe('a trace over a queue', () => {
  const tree = buildTree(
    exampleTrace.map(({ id, parent, from, to, service }) => span(id, parent, from / 1e6, (to - from) / 1e6, service)),
  )
  const path = pathSections(tree)

  it('has the self times and the critical path that the server answers', () => {
    for (const { id, self } of exampleTrace) expect(tree.byId.get(id)!.self).toBe(self / 1e6)
    const sections = [...path.spans].flatMap(([node, of]) => of.map(({ from, to }) => [node.span.spanId, from, to]))
    const waits = [...path.waits.values()].map(({ from, to }) => [null, from, to])
    const found = [...sections, ...waits].sort((a, b) => Number(a[1]) - Number(b[1]))
    expect(found).toEqual(examplePath.map(([id, from, to]) => [id, from / 1e6, to / 1e6]))
  })
  it('shows the waiting before the span that was waited for, and names who had most of the path', () => {
    expect([...path.waits].map(([node]) => node.span.spanId)).toEqual(['skewed--'])
    expect(maxCritical(path)).toEqual({ service: 'database', share: expect.closeTo(90_000_001 / 116_000_009, 9) })
    const late = buildTree([span('publish', null, 0, 4), span('process', 'publish', 90, 10)])
    expect(maxCritical(pathSections(late))).toEqual({ service: null, share: 0.86 })
  })
  it('names the service that outlives its caller, not the caller', () => {
    const slow = buildTree([
      span('root', null, 0, 2000),
      span('call', 'root', 0, 1610, 'gateway'),
      span('work', 'call', 20, 1595, 'video'),
    ])
    expect(maxCritical(pathSections(slow))).toEqual({ service: 'video', share: 0.795 })
  })
  it('waits at the end for a span of no length', () => {
    const path = pathSections(buildTree([span('root', null, 0, 4), span('mark', 'root', 10, 0)]))
    expect([...path.waits].map(([node, section]) => [node.span.spanId, section])).toEqual([
      ['mark', { from: 4, to: 10 }],
    ])
  })
})
