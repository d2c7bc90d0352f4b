import type { SpanNode, SpanTree } from './span-tree.ts'

/** A part of a span that the end of the trace waited for; ms from the start of the trace. */
export type Section = { from: number; to: number }

const MAX_SECTIONS = 50_000

/**
 * The critical path of the tree's first root: walking back from its end, the child that ended last before the point
 * reached was what was waited for; in between, the span itself was. Children that outlive their parent are cut at its
 * end, since nothing there waited for them.
 * @returns span id -> its sections on the path
 */
export function criticalPath(tree: SpanTree): Map<string, Section[]> {
  const path = new Map<string, Section[]>()
  const root = tree.roots[0]
  if (!root) return path
  const open: { node: SpanNode; until: number }[] = [{ node: root, until: root.offset + root.duration }]
  let sections = 0
  for (let step = open.pop(); step && sections < MAX_SECTIONS; step = open.pop()) {
    const { node, until } = step
    const own: Section[] = []
    let reached = until
    const byEnd = node.children.toSorted((a, b) => end(b) - end(a))
    for (const child of byEnd) {
      const childEnd = end(child)
      // It ran beside one that ended later, or after this span: nothing waited for it.
      if (childEnd > reached || child.offset < node.offset || child.duration === 0) continue
      if (childEnd < reached) own.push({ from: childEnd, to: reached })
      open.push({ node: child, until: childEnd })
      reached = child.offset
    }
    if (reached > node.offset) own.push({ from: node.offset, to: reached })
    if (own.length > 0) path.set(node.span.spanId, own)
    sections += own.length
  }
  return path
}

/** The service with the largest share of the critical path, and that share of 0 to 1. */
export function maxCritical(
  tree: SpanTree,
  path: ReadonlyMap<string, readonly Section[]>,
): { service: string; share: number } | null {
  const byService = new Map<string, number>()
  let total = 0
  for (const [id, sections] of path) {
    const service = tree.byId.get(id)?.span.service ?? ''
    const length = sections.reduce((sum, { from, to }) => sum + to - from, 0)
    byService.set(service, (byService.get(service) ?? 0) + length)
    total += length
  }
  const [most] = [...byService].sort((a, b) => b[1] - a[1])
  return most && total > 0 ? { service: most[0], share: most[1] / total } : null
}

function end(node: SpanNode): number {
  return node.offset + node.duration
}
