import { linkSpans, type TraceSpans, type TraceTree } from '@burstlet/contract/trace-analysis/trace-tree'
import fc from 'fast-check'

/** A span on a timeline of small whole numbers, so that many of them meet, overlap and end together. */
export interface TimelineSpan {
  readonly id: string
  readonly parent: string | null
  readonly from: number
  readonly to: number
  readonly isServer?: boolean
}

export function spansOf(timeline: readonly TimelineSpan[]): TraceSpans {
  return {
    ids: timeline.map(({ id }) => id),
    parentIds: timeline.map(({ parent }) => parent),
    areServers: timeline.map(({ isServer }) => isServer === true),
    starts: timeline.map(({ from }) => from),
    durations: timeline.map(({ from, to }) => to - from),
  }
}

export function treeOf(timeline: readonly TimelineSpan[]): TraceTree {
  return linkSpans(spansOf(timeline))
}

/**
 * Whatever a broken client may send: children before, beside and after their parents, roots, lost parents, circles,
 * spans of no length.
 */
export const anyTimeline: fc.Arbitrary<TimelineSpan[]> = fc
  .array(fc.record({ parent: fc.option(fc.nat(14), { freq: 6 }), from: fc.nat(24), length: fc.nat(14) }), {
    minLength: 1,
    maxLength: 14,
  })
  .map((spans) =>
    spans.map(({ parent, from, length }, index) => ({
      id: String(index).padStart(2, '0'),
      parent: parent === null ? null : String(parent).padStart(2, '0'),
      from,
      to: from + length,
    })),
  )

/** One root; each span waits for its children one after the other. */
export const synchronousTimeline: fc.Arbitrary<TimelineSpan[]> = fc
  .array(fc.record({ parent: fc.nat(), gap: fc.nat(4), length: fc.nat(40) }), { maxLength: 25 })
  .map((steps) => {
    const spans: TimelineSpan[] = [{ id: '00', parent: null, from: 0, to: 100 }]
    const reached = [0]
    for (const { parent, gap, length } of steps) {
      const above = parent % spans.length
      const from = Math.min(reached[above]! + gap, spans[above]!.to)
      const to = Math.min(from + length, spans[above]!.to)
      reached[above] = to
      reached.push(from)
      spans.push({ id: String(spans.length).padStart(2, '0'), parent: spans[above]!.id, from, to })
    }
    return spans
  })
