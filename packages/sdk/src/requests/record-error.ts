import { SpanStatusCode, trace } from '@opentelemetry/api'
import { asError } from '../errors/as-error.ts'
import { requestOf } from './request-state.ts'

/**
 * Records on the server span of the current request why it failed: exception with stack, and the error's name as
 * `error.type`. An error that carries a status below 500 is the caller's mistake and fails nothing.
 */
export function recordRequestError(error: unknown): void {
  const request = requestOf()
  const span = request?.span ?? trace.getActiveSpan()
  if (span === undefined) return
  const cause = asError(error)
  if (request !== undefined) request.errorType = cause.name
  span.recordException(cause)
  const code = statusOf(error)
  if (code >= 500 || Number.isNaN(code)) span.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
}

function statusOf(error: unknown): number {
  try {
    const { statusCode, status } = error as { statusCode?: unknown; status?: unknown }
    return Number(statusCode ?? status ?? 500)
  } catch {
    return 500
  }
}
