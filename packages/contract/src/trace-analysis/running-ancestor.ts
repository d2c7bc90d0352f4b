import { noSpan, type TraceTree } from './trace-tree.ts'

/**
 * Answers which is the nearest ancestor of a span that runs just before a time, in O(log n) however deep the tree.
 * Of an ancestor only those matter next that end no earlier, so each span points to the nearest of these; the ends along
 * such a chain never fall, and a second pointer that jumps further makes a chain of n spans 2 log n steps long
 * (Myers, "An applicative random-access stack", 1983).
 */
export class RunningAncestors {
  readonly #tree: TraceTree
  readonly #later: Int32Array
  readonly #jumps: Int32Array
  /** Stands above all roots, and never ends. */
  readonly #top: number
  readonly #ends: Float64Array

  constructor(tree: TraceTree) {
    const count = tree.starts.length
    this.#tree = tree
    this.#top = count
    this.#ends = new Float64Array(count + 1)
    this.#ends.set(tree.ends)
    this.#ends[count] = Number.POSITIVE_INFINITY
    this.#later = new Int32Array(count + 1).fill(count)
    this.#jumps = new Int32Array(count + 1).fill(count)
    const lengths = new Int32Array(count + 1)
    for (const span of tree.drawn) {
      const later = this.#endingFrom(this.#above(span), tree.ends[span]!)
      const jump = this.#jumps[later]!
      const isEven = lengths[later]! - lengths[jump]! === lengths[jump]! - lengths[this.#jumps[jump]!]!
      this.#later[span] = later
      this.#jumps[span] = isEven ? this.#jumps[jump]! : later
      lengths[span] = lengths[later]! + 1
    }
  }

  /**
   * Returns the nearest ancestor that ends at `time` or later, if it began before; {@link noSpan} otherwise. An ancestor
   * that begins after its descendant has a clock that is wrong, and nothing is read into that.
   */
  before(span: number, time: number): number {
    const found = this.#endingFrom(this.#above(span), time)
    return found !== this.#top && this.#tree.starts[found]! < time ? found : noSpan
  }

  #above(span: number): number {
    const parent = this.#tree.parents[span]!
    return parent === noSpan ? this.#top : parent
  }

  #endingFrom(first: number, time: number): number {
    let span = first
    while (this.#ends[span]! < time) {
      const jump = this.#jumps[span]!
      span = this.#ends[jump]! < time ? jump : this.#later[span]!
    }
    return span
  }
}
