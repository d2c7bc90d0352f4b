// The public face of @burstlet/monitoring/express: for Express 4 and 5.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { applyOptions, checkedOptions, type RequestOptions } from './requests/middleware.ts'
import { recordRequestError } from './requests/record-error.ts'

export type { RequestOptions } from './requests/middleware.ts'
export type { Identity } from './requests/request-state.ts'

/** A middleware, in the few words of Express that it needs. */
export type Middleware<Request> = (request: Request, response: ServerResponse, next: (error?: unknown) => void) => void
/** An error middleware, likewise. */
export type ErrorMiddleware<Request> = (
  error: unknown,
  request: Request,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Adds to each request what instrumentation cannot know: for whom it is made, and how long it may take. Put it first, or before
 * the routes that it is meant for.
 *
 * @example app.use(requestMonitoring({ identify: (request) => ({ user: request.user?.id, session: request.sessionID }) }))
 */
export function requestMonitoring<Request extends IncomingMessage = IncomingMessage>(
  options?: RequestOptions<Request> | null,
): Middleware<Request> {
  const checked = checkedOptions(options)
  return (request, _response, next) => {
    applyOptions(request, checked)
    next()
  }
}

/**
 * Records the errors of routes on their request, and passes them on. Put it after the routes and before your own error
 * middleware.
 */
export function errorMonitoring<Request extends IncomingMessage = IncomingMessage>(): ErrorMiddleware<Request> {
  return (error, _request, _response, next) => {
    recordRequestError(error)
    next(error)
  }
}
