import { criticalPath, type PathSegment } from '@burstlet/contract/trace-analysis/critical-path'
import { selfTimes } from '@burstlet/contract/trace-analysis/self-time'
import { linkSpans, noSpan, type TraceTree } from '@burstlet/contract/trace-analysis/trace-tree'
import type { TraceColumns } from './read-tree.ts'

const noParent = '0'.repeat(16)
const server = 2

/** A trace as it is answered: the tree over the places of its spans in the columns, and what is counted below each. */
export class TraceSpanTree {
  readonly columns: TraceColumns
  readonly depth: Uint32Array
  readonly descendants: Uint32Array
  readonly errorsBelow: Uint32Array
  /** Nanoseconds. */
  readonly self: Float64Array
  readonly #links: TraceTree
  readonly #ids: readonly string[]
  readonly #parentIds: readonly (string | null)[]

  constructor(columns: TraceColumns) {
    const { count, offsets, durations, kinds } = columns
    this.columns = columns
    this.#ids = idsIn(columns.ids, count)
    this.#parentIds = idsIn(columns.parents, count).map((id) => (id === noParent ? null : id))
    this.#links = linkSpans({
      ids: this.#ids,
      parentIds: this.#parentIds,
      areServers: kinds.slice(0, count).map((kind) => kind === server),
      starts: offsets.slice(0, count),
      durations,
    })
    this.self = selfTimes(this.#links)
    this.depth = new Uint32Array(count)
    this.descendants = new Uint32Array(count)
    this.errorsBelow = new Uint32Array(count)
    this.#sum()
  }

  get roots(): readonly number[] {
    return this.#links.roots
  }

  /** Nanoseconds from the start of the trace to its last end. */
  get duration(): number {
    return this.#links.ends.reduce((most, end) => Math.max(most, end), 0)
  }

  /** @returns undefined when there is no such span */
  find(spanId: string): number | undefined {
    const span = this.#ids.indexOf(spanId)
    return span === -1 ? undefined : span
  }

  id(span: number): string {
    return this.#ids[span]!
  }

  parentId(span: number): string | null {
    return this.#parentIds[span]!
  }

  children(span: number): readonly number[] {
    return this.#links.children[span]!
  }

  /** What the end of the trace had to wait for, earliest first, without the time in which no span ran. */
  criticalPath(): PathSegment[] {
    return criticalPath(this.#links).filter(({ span }) => span !== noSpan)
  }

  /** Spans from `from` down in the order that they are drawn in, `levels` below it at most. */
  *walk(from: readonly number[], levels: number): Generator<number> {
    const first = from[0] === undefined ? 0 : this.depth[from[0]]!
    const waiting = from.toReversed()
    for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
      yield span
      if (this.depth[span]! - first >= levels) continue
      const children = this.children(span)
      for (let place = children.length - 1; place >= 0; place--) waiting.push(children[place]!)
    }
  }

  #sum(): void {
    const { statuses } = this.columns
    const { drawn, parents } = this.#links
    for (const span of drawn) {
      const parent = parents[span]!
      if (parent !== noSpan) this.depth[span] = this.depth[parent]! + 1
    }
    for (const span of drawn.toReversed()) {
      const parent = parents[span]!
      if (parent === noSpan) continue
      this.descendants[parent]! += this.descendants[span]! + 1
      this.errorsBelow[parent]! += this.errorsBelow[span]! + (statuses[span] === 2 ? 1 : 0)
    }
  }
}

function idsIn(text: string, count: number): string[] {
  return Array.from({ length: count }, (_, span) => text.slice(span * 16, span * 16 + 16))
}
