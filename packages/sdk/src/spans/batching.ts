import { TraceFlags } from '@opentelemetry/api'
import { BatchSpanProcessor, type BatchSpanProcessorOptions, type ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Losses } from '../runtime/losses.ts'

// What a batch processor holds inside, @opentelemetry/sdk-trace 3.0. A test of a flood proves that it still does.
interface Inside {
  _finishedSpans?: ReadableSpan[]
}

const defaultQueue = 2048

/** OpenTelemetry's batches of spans, with what does not fit into the queue counted. */
export class BatchingSpans extends BatchSpanProcessor {
  readonly #losses: Losses
  readonly #maxQueueSize: number

  constructor(options: BatchSpanProcessorOptions, losses: Losses) {
    super(options)
    this.#losses = losses
    this.#maxQueueSize = options.maxQueueSize ?? defaultQueue
  }

  override onEnd(span: ReadableSpan): void {
    const waiting = (this as unknown as Inside)._finishedSpans?.length ?? 0
    const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
    if (waiting >= this.#maxQueueSize && isSampled) this.#losses.overflowed('spans', 1)
    super.onEnd(span)
  }
}
