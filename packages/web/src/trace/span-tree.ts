import { nanosSinceFirst } from '@burstlet/contract/trace-analysis/nanoseconds'
import { selfTimes } from '@burstlet/contract/trace-analysis/self-time'
import { linkSpans, noSpan, type TraceTree } from '@burstlet/contract/trace-analysis/trace-tree'
import type { Span } from '../api/responses.ts'

/** A span in its place: offset, duration and self time in ms, the offset from the start of the trace. */
export interface SpanNode {
  span: Span
  depth: number
  offset: number
  duration: number
  self: number
  children: SpanNode[]
  parent: SpanNode | null
  /** The parent is named but not among the spans that came. */
  isOrphan: boolean
}

export interface SpanTree {
  roots: SpanNode[]
  byId: Map<string, SpanNode>
  /** By the places of their spans in `links`. */
  nodes: readonly SpanNode[]
  links: TraceTree
  /** Epoch ms of the first start. */
  start: number
  /** First start to last end, in ms. */
  duration: number
}

/** Builds the tree of a trace, as the server does. Depth has no limit, so nothing here recurses. */
export function buildTree(spans: readonly Span[]): SpanTree {
  const times = spans.map((span) => span.startTimeUnixNano)
  const starts = nanosSinceFirst(times)
  const links = linkSpans({
    ids: spans.map((span) => span.spanId),
    parentIds: spans.map((span) => span.parentSpanId),
    areServers: spans.map((span) => span.kind === 'server'),
    starts,
    // Whole nanoseconds again, which the division into ms has not lost.
    durations: spans.map((span) => Math.round(span.durationMs * 1e6)),
  })
  const self = selfTimes(links)
  const byId = new Map<string, SpanNode>()
  const nodes = spans.map((span, place): SpanNode => {
    const node = {
      span,
      depth: 0,
      offset: starts[place]! / 1e6,
      duration: span.durationMs,
      self: self[place]! / 1e6,
      children: [],
      parent: null,
      isOrphan: false,
    }
    if (!byId.has(span.spanId)) byId.set(span.spanId, node)
    return node
  })
  for (const place of links.drawn) {
    const node = nodes[place]!
    const parent = links.parents[place]!
    node.children = links.children[place]!.map((child) => nodes[child]!)
    node.parent = parent === noSpan ? null : nodes[parent]!
    node.depth = node.parent ? node.parent.depth + 1 : 0
    node.isOrphan = node.parent === null && node.span.parentSpanId !== null
  }
  const first = starts.indexOf(0)
  return {
    roots: links.roots.map((root) => nodes[root]!),
    byId,
    nodes,
    links,
    start: first === -1 ? 0 : Number(BigInt(times[first]!) / 1_000_000n),
    duration: links.ends.reduce((most, end) => Math.max(most, end), 0) / 1e6,
  }
}

/** The rows to show, in order: everything but what lies under a collapsed span. */
export function visibleRows(tree: SpanTree, collapsed: ReadonlySet<string>): SpanNode[] {
  const rows: SpanNode[] = []
  const open = tree.roots.toReversed()
  for (let node = open.pop(); node; node = open.pop()) {
    rows.push(node)
    if (!collapsed.has(node.span.spanId)) for (const child of node.children.toReversed()) open.push(child)
  }
  return rows
}

/** The spans above one, nearest first. */
export function ancestors(node: SpanNode): SpanNode[] {
  const above: SpanNode[] = []
  for (let step = node.parent; step; step = step.parent) above.push(step)
  return above
}
