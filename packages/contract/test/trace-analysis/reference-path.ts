import { noSpan, type TraceTree } from '@burstlet/contract/trace-analysis/trace-tree'

/**
 * The critical path by the letter of its rules, for small timelines of whole numbers: who has each unit of time, from the
 * first start on. Looks through all spans for each step and recurses.
 */
export function referencePath(tree: TraceTree): number[] {
  const { starts, ends, parents } = tree
  const spans = [...tree.drawn]
  const first = Math.min(...starts)
  const owners: number[] = []
  const fill = (owner: number, from: number, to: number) => {
    for (let time = from; time < to; time++) owners[time - first] = owner
  }
  const runsBefore = (span: number, time: number) => starts[span]! < time && time <= ends[span]!

  const inside = (span: number, from: number, cut: number, reached: number): void => {
    const last = spans
      .filter((child) => parents[child] === span)
      .map((child) => ({ child, from: Math.max(starts[child]!, from), to: Math.min(ends[child]!, cut) }))
      .filter((part) => part.to > part.from && part.to <= reached)
      .reduce<{ child: number; from: number; to: number } | undefined>(
        (best, part) => (!best || part.to > best.to || (part.to === best.to && part.from < best.from) ? part : best),
        undefined,
      )
    fill(span, last ? last.to : from, reached)
    if (!last) return
    inside(last.child, last.from, last.to, last.to)
    inside(span, from, cut, last.from)
  }

  const nearestAncestor = (span: number, time: number): number => {
    for (let above = parents[span]!; above !== noSpan; above = parents[above]!)
      if (ends[above]! >= time) return starts[above]! < time ? above : noSpan
    return noSpan
  }
  const outermost = (time: number): number =>
    spans
      .filter((span) => runsBefore(span, time))
      .reduce((best, span) => (best === noSpan || starts[span]! < starts[best]! ? span : best), noSpan)

  let reached = Math.max(...ends)
  let left = noSpan
  while (reached > first) {
    const ancestor = left === noSpan ? noSpan : nearestAncestor(left, reached)
    const span = ancestor === noSpan ? outermost(reached) : ancestor
    if (span === noSpan) {
      const to = reached--
      fill(noSpan, reached, to)
    } else {
      inside(span, starts[span]!, ancestor === noSpan ? reached : ends[span]!, reached)
      reached = starts[span]!
    }
    left = span
  }
  return owners
}
