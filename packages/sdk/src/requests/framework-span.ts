import { type Attributes, SpanKind } from '@opentelemetry/api'
import type { Span } from '@opentelemetry/sdk-trace'
import { openRequestIn } from './open-requests.ts'
import type { RequestState } from './request-state.ts'

/**
 * A request is served once. Some frameworks (Next.js, Hono's middleware) make a server span of their own for what our server span
 * stands for already, and everybody who counts server spans would count such a request twice. So theirs becomes a part of ours,
 * which takes the route from it. They make it in our context, or in one that they read from the headers of the request.
 *
 * @returns the request that a new server span is a part of; undefined where it is a request of its own
 */
export function inclusionOf(span: Span, inContext: RequestState | undefined): RequestState | undefined {
  const request = inContext ?? sameRequest(span)
  if (request === undefined) return undefined
  const changeable = span as { -readonly [Key in 'kind' | 'parentSpanContext']: Span[Key] }
  changeable.kind = SpanKind.INTERNAL
  const outer = request.span as Partial<Span>
  // A sibling of ours, with the caller for its parent, becomes a child.
  if (span.parentSpanContext?.spanId === outer.parentSpanContext?.spanId) {
    const parent = request.span.spanContext()
    if (span.spanContext().traceId === parent.traceId) changeable.parentSpanContext = parent
  }
  request.frameworkSpan ??= span
  return request
}

/**
 * The request in the same trace, with the same method and path. A service that calls itself has another path, or comes in through
 * our own instrumentation, whose spans begin without attributes.
 */
function sameRequest({ attributes, parentSpanContext }: Span): RequestState | undefined {
  const method = attributes['http.request.method'] ?? attributes['http.method']
  const target = attributes['url.path'] ?? attributes['http.target']
  if (parentSpanContext === undefined || typeof method !== 'string' || typeof target !== 'string') return undefined
  const request = openRequestIn(parentSpanContext.traceId)
  const outer = (request?.span as Partial<Span> | undefined)?.attributes
  const isSame = outer?.['http.request.method'] === method && outer['url.path'] === pathOf(target)
  return isSame ? request : undefined
}

function pathOf(target: string): string {
  const mark = target.indexOf('?')
  return mark < 0 ? target : target.slice(0, mark)
}

/** The route that a framework wrote on its span, or on ours. */
export function routeOf(attributes: Attributes): string | undefined {
  return cleaned(attributes['http.route'])
}

/** Next.js 15 writes it on the spans of its steps, unless its own server span is the first of the trace. */
export function routeOfNext(attributes: Attributes): string | undefined {
  return cleaned(attributes['next.route'])
}

/** Routes of Next.js name the file, too (`/orders/[id]/route`); its page for what is not found is the route of nothing. */
function cleaned(route: unknown): string | undefined {
  if (typeof route !== 'string' || route === '' || route.startsWith('/_not-found')) return undefined
  return route.includes('[') ? route.replace(/\/(page|route)$/, '') : route
}
