import type { TraceColumns } from './read-tree.ts'

const none = -1
const noParent = '0'.repeat(16)
const server = 2

/** A piece of time that the whole had to wait for. Nanoseconds from the start of the trace. */
export interface PathPiece {
  readonly span: number
  readonly from: number
  readonly to: number
}

/** A trace as a tree over the places of its spans in the columns. Spans whose parent is not there are roots. */
export class TraceTree {
  readonly columns: TraceColumns
  readonly roots: number[] = []
  readonly depth: Uint32Array
  readonly descendants: Uint32Array
  readonly errorsBelow: Uint32Array
  /** Nanoseconds. */
  readonly self: Float64Array
  readonly #parent: Int32Array
  readonly #children: (number[] | undefined)[]

  constructor(columns: TraceColumns) {
    this.columns = columns
    const { count } = columns
    this.#parent = new Int32Array(count).fill(none)
    this.#children = new Array(count)
    this.depth = new Uint32Array(count)
    this.descendants = new Uint32Array(count)
    this.errorsBelow = new Uint32Array(count)
    this.self = new Float64Array(count)
    this.#link()
    this.#sum()
  }

  /** @returns undefined when there is no such span */
  find(spanId: string): number | undefined {
    const at = Array.from({ length: this.columns.count }, (_, span) => span).find((span) => this.id(span) === spanId)
    return at
  }

  id(span: number): string {
    return this.columns.ids.slice(span * 16, span * 16 + 16)
  }

  parentId(span: number): string | null {
    const id = this.columns.parents.slice(span * 16, span * 16 + 16)
    return id === noParent ? null : id
  }

  children(span: number): readonly number[] {
    return this.#children[span] ?? []
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

  /**
   * What the end of a span had to wait for: from its end backwards, always the child that ended last before.
   * @returns earliest first
   */
  criticalPath(root: number): PathPiece[] {
    const { offsets, durations } = this.columns
    const end = (span: number) => offsets[span]! + durations[span]!
    const pieces: PathPiece[] = []
    const waiting: { span: number; to: number }[] = [{ span: root, to: end(root) }]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { span } = next
      let { to } = next
      const from = offsets[span]!
      for (const child of this.children(span).toSorted((a, b) => end(b) - end(a))) {
        // What runs on when its parent ends, or begins after it, is not waited for.
        if (end(child) > to || offsets[child]! < from || durations[child] === 0) continue
        if (to > end(child)) pieces.push({ span, from: end(child), to })
        waiting.push({ span: child, to: end(child) })
        to = offsets[child]!
      }
      if (to > from) pieces.push({ span, from, to })
    }
    return pieces.sort((a, b) => a.from - b.from)
  }

  #link(): void {
    const { count, kinds } = this.columns
    const places = new Map<string, number>()
    for (let span = 0; span < count; span++) {
      const id = this.id(span)
      const before = places.get(id)
      // Client and server of one id (as Zipkin has it): the server is below the client, and others are below the server.
      if (before !== undefined && kinds[before] !== server && kinds[span] === server) this.#parent[span] = before
      if (before === undefined || kinds[span] === server) places.set(id, span)
    }
    for (let span = 0; span < count; span++) {
      if (this.#parent[span] !== none) continue
      const parent = places.get(this.parentId(span) ?? '')
      if (parent !== undefined && parent !== span) this.#parent[span] = parent
    }
    this.#cutCircles()
    for (let span = 0; span < count; span++) {
      const parent = this.#parent[span]!
      if (parent === none) {
        this.roots.push(span)
        continue
      }
      const siblings = this.#children[parent]
      if (siblings) siblings.push(span)
      else this.#children[parent] = [span]
    }
  }

  /** Parents that go round in a circle have no root; the earliest of them becomes one. */
  #cutCircles(): void {
    const known = new Uint8Array(this.columns.count)
    for (let start = 0; start < this.columns.count; start++) {
      const way: number[] = []
      let span = start
      while (span !== none && known[span] === 0) {
        known[span] = 1
        way.push(span)
        span = this.#parent[span]!
      }
      if (span !== none && known[span] === 1) this.#parent[Math.min(...way.slice(way.indexOf(span)))] = none
      for (const each of way) known[each] = 2
    }
  }

  #sum(): void {
    const { statuses, offsets, durations } = this.columns
    const order: number[] = []
    for (const span of this.walkAll()) order.push(span)
    for (let place = order.length - 1; place >= 0; place--) {
      const span = order[place]!
      const parent = this.#parent[span]!
      if (parent !== none) {
        this.descendants[parent]! += this.descendants[span]! + 1
        this.errorsBelow[parent]! += this.errorsBelow[span]! + (statuses[span] === 2 ? 1 : 0)
      }
      const start = offsets[span]!
      const end = start + durations[span]!
      let covered = start
      let busy = 0
      // Children are in the order of their start.
      for (const child of this.children(span)) {
        const from = Math.max(offsets[child]!, covered)
        const to = Math.min(offsets[child]! + durations[child]!, end)
        if (to > from) {
          busy += to - from
          covered = to
        }
      }
      this.self[span] = durations[span]! - busy
    }
  }

  /** Every span, parents first; finds their depths. */
  *walkAll(): Generator<number> {
    const waiting = this.roots.toReversed()
    for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
      const parent = this.#parent[span]!
      this.depth[span] = parent === none ? 0 : this.depth[parent]! + 1
      yield span
      const children = this.children(span)
      for (let place = children.length - 1; place >= 0; place--) waiting.push(children[place]!)
    }
  }
}
