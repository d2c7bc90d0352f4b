import { criticalPath } from '@burstlet/contract/trace-analysis/critical-path'
import { noSpan } from '@burstlet/contract/trace-analysis/trace-tree'
import type { SpanNode, SpanTree } from './span-tree.ts'

/** A part of the trace's time; ms from its start. */
export interface Section {
  from: number
  to: number
}

/** What the end of the trace waited for, by span. */
export interface PathSections {
  spans: ReadonlyMap<SpanNode, readonly Section[]>
  /** Where no span ran: before which span, as between a producer and its consumer. */
  waits: ReadonlyMap<SpanNode, Section>
}

/** The critical path of the tree, for the rows that show it. */
export function pathSections(tree: SpanTree): PathSections {
  const spans = new Map<SpanNode, Section[]>()
  const waits = new Map<SpanNode, Section>()
  const path = criticalPath(tree.links)
  path.forEach(({ span, from, to }, index) => {
    const section = { from: from / 1e6, to: to / 1e6 }
    if (span !== noSpan) {
      const node = tree.nodes[span]!
      const sections = spans.get(node)
      if (sections) sections.push(section)
      else spans.set(node, [section])
      return
    }
    // Only a span of no length can be what was waited for at the end of the trace: the path itself has none of these.
    const next = path[index + 1]?.span ?? tree.links.starts.indexOf(to)
    waits.set(tree.nodes[next]!, section)
  })
  return { spans, waits }
}

/** Who has the largest share of the critical path, and that share of 0 to 1. What waited for no service has none. */
export function maxCritical({ spans, waits }: PathSections): { service: string | null; share: number } | null {
  const times = new Map<string | null, number>()
  let total = 0
  const add = (service: string | null, { from, to }: Section) => {
    times.set(service, (times.get(service) ?? 0) + to - from)
    total += to - from
  }
  for (const [{ span }, sections] of spans) for (const section of sections) add(span.service, section)
  for (const section of waits.values()) add(null, section)
  const [most] = [...times].sort((a, b) => b[1] - a[1])
  return most && total > 0 ? { service: most[0], share: most[1] / total } : null
}
