import { SpanStatusCode } from '@opentelemetry/api'
import type { RequestState } from './request-state.ts'

/** A request that is being served: how it is ended before its response is. */
export interface OpenRequest {
  readonly state: RequestState
  endNow(error?: unknown): void
}

const open = new Set<OpenRequest>()
let thatThrew: RequestState | undefined

/** Remembers a request until the answer is called. */
export function keepOpen(request: OpenRequest): () => void {
  open.add(request)
  return () => void open.delete(request)
}

/** The request of a trace that is being served here now; the newest of several. */
export function openRequestIn(traceId: string): RequestState | undefined {
  let found: RequestState | undefined
  for (const { state } of open) if (state.span.spanContext().traceId === traceId) found = state
  return found
}

/**
 * Remembers for a moment that serving a request threw. Whoever would catch that to look at it has to throw it again, and where
 * it ends the process Node shows the line that threw last; so it is let through, and asked for when nobody has caught it.
 */
export function noteThatThrew(request: RequestState): void {
  thatThrew = request
  queueMicrotask(() => {
    thatThrew = undefined
  })
}

/** The request whose serving has just thrown. */
export function takeRequestThatThrew(): RequestState | undefined {
  const request = thatThrew
  thatThrew = undefined
  return request
}

/** Marks a request as failed by an error. */
export function failRequest(request: RequestState, error: Error): void {
  request.errorType = error.name
  request.uncaught = error
  request.span.recordException(error)
  request.span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
}

/** Ends all that is under way, since the process is. */
export function endOpenRequests(error: unknown): void {
  for (const request of open) request.endNow(error)
}
