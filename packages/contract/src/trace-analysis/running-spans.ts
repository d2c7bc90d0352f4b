import { noSpan, type TraceTree } from './trace-tree.ts'

/** Answers what runs just before a time, for times that only fall. Spans of no length do not run. */
export class RunningSpans {
  /** 0 and 0 for a trace without spans. */
  readonly firstStart: number
  readonly lastEnd: number
  readonly #tree: TraceTree
  /** Last end first. */
  readonly #byEnd: Int32Array
  readonly #ranks: Int32Array
  /** How many of {@link #byEnd} end at or after the last time asked for, and the first of these to begin. */
  #passed = 0
  #outermost = noSpan

  constructor(tree: TraceTree) {
    const { starts, ends, drawn } = tree
    this.#tree = tree
    this.firstStart = starts.reduce((least, start) => Math.min(least, start), starts[0] ?? 0)
    this.lastEnd = ends.reduce((most, end) => Math.max(most, end), ends[0] ?? 0)
    this.#byEnd = drawn.filter((span) => ends[span]! > starts[span]!).sort((a, b) => ends[b]! - ends[a]!)
    this.#ranks = new Int32Array(drawn.length)
    drawn.forEach((span, rank) => {
      this.#ranks[span] = rank
    })
  }

  /** Returns the span that began first of those that run just before `time`; of several the one that is drawn first. */
  outermostBefore(time: number): number {
    const { starts, ends } = this.#tree
    for (let span = this.#byEnd[this.#passed]; span !== undefined && ends[span]! >= time; ) {
      if (this.#outermost === noSpan || this.#isOutside(span, this.#outermost)) this.#outermost = span
      span = this.#byEnd[++this.#passed]
    }
    return this.#outermost !== noSpan && starts[this.#outermost]! < time ? this.#outermost : noSpan
  }

  /** Returns the last end before the time that was asked for last; the first start of the trace when there is none. */
  lastEndBefore(): number {
    const next = this.#byEnd[this.#passed]
    return next === undefined ? this.firstStart : this.#tree.ends[next]!
  }

  #isOutside(span: number, other: number): boolean {
    const { starts } = this.#tree
    return (starts[span]! - starts[other]! || this.#ranks[span]! - this.#ranks[other]!) < 0
  }
}
