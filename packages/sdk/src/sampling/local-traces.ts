import { type Span as ApiSpan, type Context, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { hrTimeToMilliseconds } from '@opentelemetry/core'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import { traceStateWithThreshold } from './threshold.ts'

/** What began here and is not over. */
interface LocalTrace {
  root: ApiSpan
  spans: ReadableSpan[]
  failed: boolean
  verdict: 'kept' | 'by share' | undefined
}

const maxTraces = 5_000
const maxSpans = 10_000
const maxSpansOfOne = 2_000

/**
 * Holds the spans of each trace that began in this process until its first span is over, and then lets the whole local part
 * through if anything in it failed or it was slow, and by the sampler's share otherwise.
 *
 * Such traces are always kept, so each stands for itself: their threshold becomes 0, also where the share had kept them.
 * What waits is bounded; beyond that, and at a flush, the share alone decides.
 */
export class LocalTraces implements SpanProcessor {
  readonly #next: SpanProcessor
  readonly #slowMs: number
  readonly #traceOf = new WeakMap<ApiSpan, LocalTrace>()
  readonly #open = new Set<LocalTrace>()
  #waiting = 0

  constructor(next: SpanProcessor, slowMs: number) {
    this.#next = next
    this.#slowMs = slowMs
  }

  /** Whether a span belongs to a trace that is recorded here until it is over. */
  isRecorded(span: ApiSpan): boolean {
    return this.#traceOf.has(span)
  }

  onStart(span: Span, parentContext: Context): void {
    const parent = trace.getSpan(parentContext)
    if (span.parentSpanContext === undefined) this.#begin(span)
    else {
      const local = parent === undefined ? undefined : this.#traceOf.get(parent)
      if (local !== undefined) this.#traceOf.set(span, local)
    }
    this.#next.onStart(span, parentContext)
  }

  onEnding(span: Span): void {
    this.#next.onEnding?.(span)
  }

  onEnd(span: ReadableSpan): void {
    const local = this.#traceOf.get(span as unknown as ApiSpan)
    if (local === undefined) {
      this.#next.onEnd(span)
      return
    }
    if (span.status.code === SpanStatusCode.ERROR) local.failed = true
    if (local.verdict !== undefined) {
      this.#pass(span, local)
      return
    }
    local.spans.push(span)
    this.#waiting++
    if ((span as unknown as ApiSpan) === local.root) {
      const slow = hrTimeToMilliseconds(span.duration) >= this.#slowMs
      this.#decide(local, local.failed || slow ? 'kept' : 'by share')
    } else if (this.#waiting > maxSpans || local.spans.length > maxSpansOfOne) {
      this.#decide(local, 'by share')
    }
  }

  async forceFlush(): Promise<void> {
    this.#decideAll()
    await this.#next.forceFlush()
  }

  async shutdown(): Promise<void> {
    this.#decideAll()
    await this.#next.shutdown()
  }

  #begin(root: ApiSpan): void {
    const local: LocalTrace = { root, spans: [], failed: false, verdict: undefined }
    this.#traceOf.set(root, local)
    if (this.#open.size >= maxTraces) {
      const [oldest] = this.#open
      if (oldest !== undefined) this.#decide(oldest, 'by share')
    }
    this.#open.add(local)
  }

  #decideAll(): void {
    for (const local of this.#open) this.#decide(local, local.failed ? 'kept' : 'by share')
  }

  #decide(local: LocalTrace, verdict: 'kept' | 'by share'): void {
    local.verdict = verdict
    this.#open.delete(local)
    this.#waiting -= local.spans.length
    for (const span of local.spans) this.#pass(span, local)
    local.spans = []
  }

  #pass(span: ReadableSpan, local: LocalTrace): void {
    // Without its flag a span goes no further than the next processor.
    this.#next.onEnd(local.verdict === 'kept' ? asKept(span) : span)
  }
}

function asKept(span: ReadableSpan): ReadableSpan {
  const original = span.spanContext()
  const kept = {
    ...original,
    traceFlags: original.traceFlags | TraceFlags.SAMPLED,
    traceState: traceStateWithThreshold(original.traceState, '0'),
  }
  return Object.create(span, { spanContext: { value: () => kept } }) as ReadableSpan
}
