import { RunningAncestors } from './running-ancestor.ts'
import { RunningSpans } from './running-spans.ts'
import { noSpan, type TraceTree } from './trace-tree.ts'

/** A part of the path: one span, or {@link noSpan} while no span ran. Nanoseconds from the first start of the trace. */
export interface PathSegment {
  readonly span: number
  readonly from: number
  readonly to: number
}

/**
 * Returns what the end of the trace had to wait for, from its first start to its last end without a gap, earliest first.
 *
 * The path is found backwards from the last end. Within a span, the child that ended last before the point reached was
 * waited for, from its end back to its start; what remains is the span's own. Children count as far as they run within
 * their parent: one that outlives it is cut at its end, one that begins before it (clocks differ) at its start. A child
 * that runs on beside the one that ended later was not waited for. This is the rule of CRISP (Zhang et al., USENIX ATC
 * 2022, without its allowance for small overlaps) and of Jaeger's page (TracePage/CriticalPath).
 *
 * Both of these end with the root. Here, at the start of the span that the path is in, it goes on
 * 1. in the nearest ancestor that still ran, at the point where it began that work; otherwise
 * 2. in what else ran, outermost span first; otherwise, as between a producer and its consumer,
 * 3. it waits: a segment without a span, back to the last end before, where 2 applies.
 *
 * A span of no length is never on the path. Takes O(n log n), without recursion.
 */
export function criticalPath(tree: TraceTree): PathSegment[] {
  const running = new RunningSpans(tree)
  const ancestors = new RunningAncestors(tree)
  const path = new BackwardPath(running.lastEnd)
  let left = noSpan
  while (path.reached > running.firstStart) {
    const ancestor = left === noSpan ? noSpan : ancestors.before(left, path.reached)
    const span = ancestor === noSpan ? running.outermostBefore(path.reached) : ancestor
    if (span === noSpan) path.extend(noSpan, running.lastEndBefore())
    else followInside(tree, path, span, ancestor === noSpan ? path.reached : tree.ends[span]!)
    left = span
  }
  return path.segments.reverse()
}

interface Visit {
  readonly span: number
  /** Where the path leaves it: its start, or that of an ancestor that began later. */
  readonly from: number
  /** Its children that the path may enter, last end first. */
  readonly children: readonly Part[]
  next: number
}

/** A child as far as it lies within its parent. */
interface Part {
  readonly span: number
  readonly from: number
  readonly to: number
}

/**
 * Follows the path from the point reached back to the start of `span`.
 * @param cut where children of `span` are cut. When the path comes from a descendant, children that still run were not
 * waited for, and it is the end of the span; otherwise it is the point reached.
 */
function followInside(tree: TraceTree, path: BackwardPath, span: number, cut: number): void {
  const open: Visit[] = [visit(tree, span, tree.starts[span]!, cut)]
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const child = top.children[top.next++]
    if (!child) {
      path.extend(top.span, top.from)
      open.pop()
    } else if (child.to <= path.reached) {
      path.extend(top.span, child.to)
      open.push(visit(tree, child.span, child.from, child.to))
    }
  }
}

function visit({ starts, ends, children }: TraceTree, span: number, from: number, to: number): Visit {
  const parts: Part[] = []
  for (const child of children[span]!) {
    const part = { span: child, from: Math.max(starts[child]!, from), to: Math.min(ends[child]!, to) }
    if (part.to > part.from) parts.push(part)
  }
  // Of children that end together the one that began first was waited for longest; the sort is stable for the rest.
  return { span, from, children: parts.sort((a, b) => b.to - a.to || a.from - b.from), next: 0 }
}

class BackwardPath {
  /** Latest first. */
  readonly segments: PathSegment[] = []
  reached: number

  constructor(end: number) {
    this.reached = end
  }

  extend(span: number, from: number): void {
    if (from >= this.reached) return
    const last = this.segments.at(-1)
    if (last?.span === span) this.segments[this.segments.length - 1] = { span, from, to: last.to }
    else this.segments.push({ span, from, to: this.reached })
    this.reached = from
  }
}
