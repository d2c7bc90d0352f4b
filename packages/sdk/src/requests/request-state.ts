import { type Context, context, createContextKey, type Span } from '@opentelemetry/api'
import { sdkState } from '../runtime/state.ts'

/** Who a request is made for. Ids, not names: they are stored and searched. */
export type Identity = {
  /** Becomes `user.id`. */
  user?: string | number | undefined
  /** Becomes `session.id`. */
  session?: string | number | undefined
}

/** What is known of a request while it is served. */
export type RequestState = {
  span: Span
  /** `performance.now()` when it came in. */
  startedAt: number
  identity: Identity
  /** Asked when the request is over, since a framework often knows its user only later. */
  finders: (() => Identity | undefined)[]
  /** Milliseconds that it may take, where its middleware says so. */
  budgetMs: number | undefined
  /** Name and value of the response header that tells its trace. */
  traceHeader: readonly [name: string, traceId: string] | undefined
  /** Name of the last error in it. */
  errorType: string | undefined
}

// The key under which OpenTelemetry's http instrumentation keeps the server span, @opentelemetry/core 3. Read here rather than
// through that package, which would make every program that uses this SDK's functions load it.
const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA')

type RpcMetadata = { span?: Span; route?: string }

/** The request that a context belongs to. */
export function requestOf(of: Context = context.active()): RequestState | undefined {
  const span = (of.getValue(RPC_METADATA) as RpcMetadata | undefined)?.span
  return span === undefined ? undefined : sdkState().requests.get(span)
}

/** The route that a framework found for the request of a context. */
export function routeOf(of: Context = context.active()): string | undefined {
  return (of.getValue(RPC_METADATA) as RpcMetadata | undefined)?.route
}

/** Begins to keep the state of a request. */
export function openRequest(span: Span): RequestState {
  const state: RequestState = {
    span,
    startedAt: performance.now(),
    identity: {},
    finders: [],
    budgetMs: undefined,
    traceHeader: undefined,
    errorType: undefined,
  }
  sdkState().requests.set(span, state)
  return state
}
