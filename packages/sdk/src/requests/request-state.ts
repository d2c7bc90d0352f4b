import { type Context, context, createContextKey, type Span, trace } from '@opentelemetry/api'

/** Who a request is made for. Ids, not names: they are stored and searched. What Node has for a header's value will do. */
export interface Identity {
  /** Becomes `user.id`. */
  user?: string | number | readonly string[] | undefined
  /** Becomes `session.id`. */
  session?: string | number | readonly string[] | undefined
}

/**
 * What is known of a request while it is served. It stands in the context of everything that the request causes, where
 * OpenTelemetry's instrumentations of frameworks look for the server span and leave the route that they found.
 */
export interface RequestState {
  /** How those instrumentations know it. */
  readonly type: 'http'
  readonly span: Span
  /** Set by whoever knows it. */
  route: string | undefined
  /** `performance.now()` when it came in. */
  readonly startedAt: number
  readonly identity: Identity
  /** Asked when the request is over, since a framework often knows its user only later. */
  readonly finders: (() => Identity | undefined)[]
  /** Milliseconds that it may take, where its middleware says so. */
  budgetMs: number | undefined
  /** Name of the last error in it. */
  errorType: string | undefined
  /** What serving it threw and nobody caught. */
  uncaught: Error | undefined
  /** A server span that the framework made inside, as long as it has not ended; see `Finishing`. */
  frameworkSpan: Span | undefined
  /** Called when that has ended. */
  onFrameworkEnd: (() => void) | undefined
}

// Read here rather than through @opentelemetry/core 3, which would make every program that uses this SDK's functions load it.
const rpcMetadata = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA')

/** Where a span keeps its request: a property costs less than a map whose keys are spans, for the collector of garbage too. */
const requestKey = Symbol.for('burstlet.monitoring.request')
interface OfRequest {
  [requestKey]?: RequestState
}

/** The request that a context belongs to, or that its span does: some frameworks begin a context of their own for the span. */
export function requestOf(of: Context = context.active()): RequestState | undefined {
  const found = of.getValue(rpcMetadata) as Partial<RequestState> | undefined
  // A service may run an http instrumentation of its own, whose metadata are less.
  if (found?.finders !== undefined) return found as RequestState
  const span = trace.getSpan(of)
  return span === undefined ? undefined : requestOfSpan(span)
}

/** The request that a span is a part of. */
export function requestOfSpan(span: object): RequestState | undefined {
  return (span as OfRequest)[requestKey]
}

/** Makes a span a part of a request. */
export function joinRequest(span: object, request: RequestState): void {
  ;(span as OfRequest)[requestKey] = request
}

/** Begins to keep the state of a request. */
export function openRequest(span: Span): RequestState {
  return {
    type: 'http',
    span,
    route: undefined,
    startedAt: performance.now(),
    identity: {},
    finders: [],
    budgetMs: undefined,
    errorType: undefined,
    uncaught: undefined,
    frameworkSpan: undefined,
    onFrameworkEnd: undefined,
  }
}

/** A context that belongs to a request. */
export function withRequest(parent: Context, request: RequestState): Context {
  return parent.setValue(rpcMetadata, request)
}
