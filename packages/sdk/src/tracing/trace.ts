import { trace as otel, type Span, type SpanOptions, SpanStatusCode } from '@opentelemetry/api'
import { SDK_NAME, SDK_VERSION } from '../runtime/version.ts'

/**
 * Runs `work` inside a new span and ends the span when the work, or the promise it returned, is done. What it throws marks the
 * span as failed and is thrown on. Without a running SDK only `work` is run.
 *
 * @example await trace('checkout', async (span) => { span.setAttribute('cart.items', 3); await pay() })
 */
export function trace<T>(name: string, work: (span: Span) => T): T
/** The same with OpenTelemetry's span options: kind, attributes, links, root. */
export function trace<T>(name: string, options: SpanOptions, work: (span: Span) => T): T
export function trace<T>(name: string, second: SpanOptions | ((span: Span) => T), third?: (span: Span) => T): T {
  const work = typeof second === 'function' ? second : third
  if (work === undefined) throw new TypeError('trace(name, options, work): work must be a function')
  const options = typeof second === 'function' ? {} : second
  return otel.getTracer(SDK_NAME, SDK_VERSION).startActiveSpan(name, options, (span) => run(span, work))
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
  const cause = error instanceof Error ? error : new Error(String(error))
  span.recordException(cause)
  span.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
  span.end()
  return error
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
