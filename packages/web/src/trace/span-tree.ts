import type { Span } from '@burstlet/contract/traces'

/** A span in its place: offset and duration in ms from the start of the trace. */
export type SpanNode = {
  span: Span
  depth: number
  offset: number
  duration: number
  children: SpanNode[]
  parent: SpanNode | null
  /** The parent is named but not among the spans that came. */
  isOrphan: boolean
}

export type SpanTree = {
  roots: SpanNode[]
  byId: Map<string, SpanNode>
  /** Epoch ms of the first start. */
  start: number
  /** First start to last end, in ms. */
  duration: number
}

/**
 * Builds the tree of a trace. Spans without a known parent are roots; so is one span of each ring of parents, which
 * broken clients send. Children are in the order of their starts. Depth has no limit, so nothing here recurses.
 */
export function buildTree(spans: readonly Span[]): SpanTree {
  const base = spans.reduce(
    (least, span) => (BigInt(span.startTimeUnixNano) < least ? BigInt(span.startTimeUnixNano) : least),
    spans[0] ? BigInt(spans[0].startTimeUnixNano) : 0n,
  )
  const byId = new Map<string, SpanNode>()
  const nodes = spans.map((span): SpanNode => {
    const node = {
      span,
      depth: 0,
      // Nanoseconds since 1970 do not fit a double, those since the start of the trace do.
      offset: Number(BigInt(span.startTimeUnixNano) - base) / 1e6,
      duration: span.durationMs,
      children: [],
      parent: null,
      isOrphan: false,
    }
    if (!byId.has(span.spanId)) byId.set(span.spanId, node)
    return node
  })

  const roots: SpanNode[] = []
  for (const node of nodes) {
    const parent = node.span.parentSpanId ? byId.get(node.span.parentSpanId) : undefined
    if (parent && parent !== node && !isAbove(node, parent)) {
      node.parent = parent
      parent.children.push(node)
    } else {
      node.isOrphan = node.span.parentSpanId !== null
      roots.push(node)
    }
  }
  const byStart = (a: SpanNode, b: SpanNode) => a.offset - b.offset || b.duration - a.duration
  roots.sort(byStart)
  const open = [...roots]
  let duration = 0
  for (let node = open.pop(); node; node = open.pop()) {
    node.children.sort(byStart)
    duration = Math.max(duration, node.offset + node.duration)
    for (const child of node.children) {
      child.depth = node.depth + 1
      open.push(child)
    }
  }
  return { roots, byId, start: Number(base / 1_000_000n), duration }
}

/** Whether `node` is already above `below`; then hanging it under it would close a ring. */
function isAbove(node: SpanNode, below: SpanNode): boolean {
  // Only a node that has children can be above something, which spares the walk for nearly all.
  if (node.children.length === 0) return false
  for (let step: SpanNode | null = below; step; step = step.parent) if (step === node) return true
  return false
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

/** Time of the span in which none of its children ran, in ms. */
export function selfTime(node: SpanNode): number {
  const end = node.offset + node.duration
  let covered = 0
  let reached = node.offset
  for (const child of node.children) {
    const from = Math.max(child.offset, reached)
    const to = Math.min(child.offset + child.duration, end)
    if (to > from) {
      covered += to - from
      reached = to
    }
  }
  return Math.max(0, node.duration - covered)
}

/** The spans above one, nearest first. */
export function ancestors(node: SpanNode): SpanNode[] {
  const above: SpanNode[] = []
  for (let step = node.parent; step; step = step.parent) above.push(step)
  return above
}
