import type { IncomingMessage, ServerResponse } from 'node:http'
import { isSpanContextValid, type Span } from '@opentelemetry/api'
import type { HttpInstrumentationConfig } from '@opentelemetry/instrumentation-http'
import { recordSla } from '../business/sla.ts'
import type { ResolvedConfig } from '../config/schema.ts'
import { sdkState } from '../runtime/state.ts'
import { budgetOf } from './budgets.ts'
import { askFinders } from './identify.ts'
import { openRequest, type RequestState, routeOf } from './request-state.ts'

/**
 * What every served request gets, whatever framework serves it: its trace id in a response header, for whom it was made, a
 * mark when it was slow, its budget, and the name of the error that failed it.
 */
export function requestHooks({ requests }: ResolvedConfig): HttpInstrumentationConfig {
  return {
    requestHook(span, request) {
      if (!('writableEnded' in request)) openRequest(span)
    },
    // For a request that is served, this is called before the service sees it.
    responseHook(span, response) {
      if (requests.traceHeader === false || !('setHeader' in response)) return
      const spanContext = span.spanContext()
      if (!isSpanContextValid(spanContext)) return
      response.setHeader(requests.traceHeader, spanContext.traceId)
      const state = sdkState().requests.get(span)
      if (state !== undefined) state.traceHeader = [requests.traceHeader, spanContext.traceId]
    },
    applyCustomAttributesOnSpan(span, request, response) {
      const state = sdkState().requests.get(span)
      if (state === undefined) return
      finish(span, state, request as IncomingMessage, response as ServerResponse, requests)
    },
  }
}

function finish(
  span: Span,
  state: RequestState,
  request: IncomingMessage,
  response: ServerResponse,
  { slowMs, budgets }: ResolvedConfig['requests'],
): void {
  const durationMs = performance.now() - state.startedAt
  if (state.finders.length > 0) askFinders(span, state.identity, state.finders)
  if (durationMs >= slowMs) span.setAttribute('request.slow', true)
  if (response.statusCode >= 500 && state.errorType !== undefined) span.setAttribute('error.type', state.errorType)

  const method = request.method ?? 'GET'
  const route = routeOf()
  const budgetMs = state.budgetMs ?? budgetOf(budgets, method, route)
  if (budgetMs !== undefined) recordSla({ name: `${method} ${route ?? '*'}`, budgetMs, durationMs, span })
}
