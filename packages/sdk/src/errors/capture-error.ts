import { type Attributes, logs, SeverityNumber, type Span, SpanStatusCode, trace } from '@opentelemetry/api'
import { toAttributes } from '../logging/attributes.ts'
import { requestOf } from '../requests/request-state.ts'
import { SDK_NAME, SDK_VERSION } from '../runtime/version.ts'
import { exceptionSignal, markLogged } from './exception-signal.ts'

/**
 * Reports an error that was handled: as an exception of the active span, and as an error log with stack and context.
 * Anything may be passed, as anything may be thrown.
 */
export function captureError(error: unknown, context: object = {}): void {
  const cause = asError(error)
  const span = trace.getActiveSpan()
  const request = requestOf()
  // Only where the request fails in the end is this its error.
  if (request !== undefined) request.errorType = cause.name
  if (span !== undefined) recordOnSpan(span, cause)
  span?.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
  emit(cause, SeverityNumber.ERROR, { ...toAttributes(context), 'error.handled': true })
}

/** The log record that follows tells the exception already, so that the span's end makes none of it. */
function recordOnSpan(span: Span, cause: Error): void {
  if (exceptionSignal() === 'logs') return
  span.recordException(cause)
  markLogged(span, cause.name, cause.message)
}

/** Reports what ends the process. `origin` is Node's: `uncaughtException` or `unhandledRejection`. */
export function recordCrash(error: unknown, origin: string): void {
  emit(asError(error), SeverityNumber.FATAL, { 'error.handled': false, 'error.origin': origin })
}

function emit(error: Error, severityNumber: SeverityNumber, attributes: Attributes): void {
  logs.getLogger(SDK_NAME, SDK_VERSION).emit({
    severityNumber,
    severityText: severityNumber === SeverityNumber.FATAL ? 'FATAL' : 'ERROR',
    body: error.message,
    attributes: {
      ...attributes,
      'exception.type': error.name,
      'exception.message': error.message,
      'exception.stacktrace': error.stack ?? '',
    },
  })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
