import { type Span, SpanKind, SpanStatusCode, TraceFlags, type Tracer } from '@opentelemetry/api'
import { scrubUrl } from '../privacy/sensitive.ts'
import type { ActiveSpan } from './active-span.ts'
import type { WebOptions } from './options.ts'

/**
 * Makes a span of each request by `fetch`. Requests to the page's own origin, and to those that were named, carry the trace;
 * others do not, since a header that their server does not allow would make the browser refuse them.
 */
export function traceFetch(tracer: Tracer, active: ActiveSpan, { endpoint, propagateTo = [] }: WebOptions): void {
  const original = globalThis.fetch
  // Requests that carry telemetry make none: that would never end.
  const own = `${new URL(endpoint, location.href).href.replace(/\/$/, '')}/v1/`
  const carrying = new Set([location.origin, ...propagateTo.map((origin) => new URL(origin).origin)])

  globalThis.fetch = function fetch(input, init) {
    const url = URL.parse(input instanceof Request ? input.url : String(input), location.href)
    if (url === null || url.href.startsWith(own)) return original.call(this, input, init)
    const method = (init?.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
    const attributes = {
      'http.request.method': method,
      'url.full': scrubUrl(url.href),
      'server.address': url.hostname,
    }
    const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes }, active.context)
    const carried = carrying.has(url.origin) ? withTrace(input, init, span) : init
    return original.call(this, input, carried).then(
      (response) => {
        finish(span, response)
        return response
      },
      (error: unknown) => {
        span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
        span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
        throw error
      },
    )
  }
}

function withTrace(input: RequestInfo | URL, init: RequestInit | undefined, span: Span): RequestInit {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
  const flags = (traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'
  headers.set('traceparent', `00-${traceId}-${spanId}-${flags}`)
  const state = traceState?.serialize()
  if (state) headers.set('tracestate', state)
  return { ...init, headers }
}

function finish(span: Span, { status }: Response): void {
  span.setAttribute('http.response.status_code', status)
  if (status >= 400) {
    span.setAttribute('error.type', String(status))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}
