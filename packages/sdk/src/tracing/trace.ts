import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  trace as otel,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
} from '@opentelemetry/api'
import { asError } from '../errors/as-error.ts'
import { complainOnce, safely } from '../runtime/safely.ts'
import { sdkName, sdkVersion } from '../runtime/version.ts'

/** Headers that carry a trace to another process: `traceparent`, and `tracestate` and `baggage` where they exist. */
export type TraceHeaders = Record<string, string>

/** OpenTelemetry's span options, and a parent from elsewhere. */
export type TraceOptions = SpanOptions & {
  /** Continues the trace of these headers, as `traceHeaders()` made them, instead of the active one. */
  parent?: TraceHeaders
}

/**
 * Runs `work` inside a new span and ends the span when the work, or the promise it returned, is done. What it throws marks the
 * span as failed and is thrown on. Without a running SDK only `work` is run; without `work` nothing is, and a line says so.
 *
 * @example await trace('checkout', async (span) => { span.setAttribute('cart.items', 3); await pay() })
 */
export function trace<T>(name: string, work: (span: Span) => T): T
/** The same with kind, attributes, links, or a parent that came with a message. */
export function trace<T>(name: string, options: TraceOptions, work: (span: Span) => T): T
export function trace<T>(name: string, second: TraceOptions | ((span: Span) => T), third?: (span: Span) => T): T {
  const work = typeof second === 'function' ? second : third
  if (typeof work !== 'function') {
    complainOnce('trace', 'it needs a function to run')
    return undefined as T
  }
  const started = safely('trace', () => start(name, typeof second === 'function' ? undefined : second))
  if (started === undefined) return work(otel.wrapSpanContext(INVALID_SPAN_CONTEXT))
  return context.with(otel.setSpan(started.parent, started.span), run<T>, undefined, started.span, work)
}

function start(name: unknown, given: TraceOptions | null | undefined): { span: Span; parent: Context } {
  const { parent: headers, ...options } = given ?? {}
  const parent = headers == null ? context.active() : propagation.extract(ROOT_CONTEXT, headers)
  const span = otel.getTracer(sdkName, sdkVersion).startSpan(String(name), options, parent)
  return { span, parent }
}

/**
 * The active trace as headers, to be sent along with a message. HTTP requests carry them by themselves.
 * Empty outside a trace.
 */
export function traceHeaders(): TraceHeaders {
  const headers: TraceHeaders = {}
  propagation.inject(context.active(), headers)
  return headers
}

function run<T>(span: Span, work: (span: Span) => T): T {
  let result: T
  try {
    result = work(span)
  } catch (error) {
    throw fail(span, error)
  }
  if (!isPromise(result)) {
    span.end()
    return result
  }
  return result.then(
    (value) => {
      span.end()
      return value
    },
    (error: unknown) => {
      throw fail(span, error)
    },
  ) as T
}

function fail(span: Span, error: unknown): unknown {
  const cause = asError(error)
  span.recordException(cause)
  span.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
  span.end()
  return error
}

function isPromise(value: unknown): value is Promise<unknown> {
  try {
    return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  } catch {
    // The work's own, and nothing that one could wait for.
    return false
  }
}
