import {
  type Attributes,
  type Context,
  context,
  logs,
  SeverityNumber,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { toAttributes } from '../logging/attributes.ts'
import { failRequest, takeRequestThatThrew } from '../requests/open-requests.ts'
import { type RequestState, requestOf, withRequest } from '../requests/request-state.ts'
import { safely } from '../runtime/safely.ts'
import { sdkName, sdkVersion } from '../runtime/version.ts'
import { asError } from './as-error.ts'
import { exceptionSignal, markLogged } from './exception-signal.ts'

/**
 * Reports an error that was handled: as an exception of the active span, and as an error log with stack and context.
 * Anything may be passed, as anything may be thrown.
 */
export function captureError(error: unknown, details: object = {}): void {
  safely('captureError', () => capture(error, details))
}

function capture(error: unknown, details: unknown): void {
  const cause = asError(error)
  const span = trace.getActiveSpan()
  const request = requestOf()
  // Only where the request fails in the end is this its error.
  if (request !== undefined) request.errorType = cause.name
  if (span !== undefined) recordOnSpan(span, cause)
  span?.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
  emit(cause, SeverityNumber.ERROR, { ...toAttributes(details), 'error.handled': true })
}

/** The log record that follows tells the exception already, so that the span's end makes none of it. */
function recordOnSpan(span: Span, cause: Error): void {
  if (exceptionSignal() === 'logs') return
  span.recordException(cause)
  markLogged(span, cause.name, cause.message)
}

/**
 * Reports what nobody caught, on the request that it comes from too. `origin` is Node's: `uncaughtException` or
 * `unhandledRejection`.
 */
export function recordCrash(error: unknown, origin: string): void {
  const request = requestOf() ?? takeRequestThatThrew()
  if (request !== undefined) failRequest(request, asError(error))
  const attributes = { 'error.handled': false, 'error.origin': origin }
  emit(asError(error), SeverityNumber.FATAL, attributes, contextOf(request))
}

/** What was thrown through a request has left its context. */
function contextOf(request: RequestState | undefined): Context {
  const active = context.active()
  return request === undefined || requestOf(active) === request
    ? active
    : withRequest(trace.setSpan(active, request.span), request)
}

function emit(error: Error, severityNumber: SeverityNumber, attributes: Attributes, of = context.active()): void {
  logs.getLogger(sdkName, sdkVersion).emit({
    severityNumber,
    severityText: severityNumber === SeverityNumber.FATAL ? 'FATAL' : 'ERROR',
    body: error.message,
    context: of,
    attributes: {
      ...attributes,
      'exception.type': error.name,
      'exception.message': error.message,
      'exception.stacktrace': error.stack ?? '',
    },
  })
}
