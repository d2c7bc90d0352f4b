import { type Context, isSpanContextValid, SamplingDecision, type Span, TraceFlags, trace } from '@opentelemetry/api'
import type { Sampler, SamplingResult } from '@opentelemetry/sdk-trace'
import { randomnessOf, thresholdOf, traceStateWithThreshold } from './threshold.ts'

/**
 * Keeps a share of the traces that begin here and follows the caller's decision in all others. The share is written into
 * the trace state (`ot=th:…`), so that every service and the backend know how many traces each kept one stands for.
 *
 * A trace that begins here and is not in the share is recorded all the same, without its flag: what comes of it is decided
 * when it is over, by `LocalTraces`.
 */
export class ConsistentSampler implements Sampler {
  readonly #rate: number
  readonly #threshold: string
  readonly #kept: SamplingResult
  readonly #isRecorded: (span: Span) => boolean

  constructor(rate: number, isRecorded: (span: Span) => boolean) {
    this.#rate = rate
    this.#threshold = thresholdOf(rate)
    this.#isRecorded = isRecorded
    // Where all are kept, each stands for itself without being told.
    const traceState = rate === 1 ? {} : { traceState: traceStateWithThreshold(undefined, this.#threshold) }
    this.#kept = { decision: SamplingDecision.RECORD_AND_SAMPLED, ...traceState }
  }

  shouldSample(context: Context, traceId: string): SamplingResult {
    const parent = trace.getSpan(context)
    const parentContext = parent?.spanContext()
    if (parent === undefined || parentContext === undefined || !isSpanContextValid(parentContext)) {
      return this.#decideRoot(traceId)
    }
    if ((parentContext.traceFlags & TraceFlags.SAMPLED) !== 0) return { decision: SamplingDecision.RECORD_AND_SAMPLED }
    const undecided = parentContext.isRemote !== true && this.#isRecorded(parent)
    return { decision: undecided ? SamplingDecision.RECORD : SamplingDecision.NOT_RECORD }
  }

  #decideRoot(traceId: string): SamplingResult {
    if (this.#rate === 1) return this.#kept
    if (this.#rate === 0) return { decision: SamplingDecision.NOT_RECORD }
    if (randomnessOf(traceId, undefined) < this.#threshold) return { decision: SamplingDecision.RECORD }
    return this.#kept
  }

  toString(): string {
    return `ConsistentSampler{${this.#rate}}`
  }
}
