import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ResolvedConfig } from '@burstlet/contract/configuration'
import {
  type Attributes,
  type Context,
  type Histogram,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { recordSla } from '../business/sla.ts'
import { asError } from '../errors/as-error.ts'
import { setOwnAttributes } from '../spans/own-attributes.ts'
import { budgetOf } from './budgets.ts'
import { routeOf } from './framework-span.ts'
import { askFinders } from './identify.ts'
import { keepOpen, type OpenRequest } from './open-requests.ts'
import { openRequest, type RequestState, withRequest } from './request-state.ts'
import { methodOf, serverAttributes } from './server-attributes.ts'

/** A request and its response while they are under way. */
export interface Served {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly scheme: string
  readonly state: RequestState
  /** What is active in everything that the request causes. */
  readonly context: Context
  /** Name and value of the response header that tells the trace. */
  readonly traceHeader: readonly [name: string, traceId: string] | undefined
  /** What it takes no more part in once it is over. */
  readonly leave: () => void
  ended: boolean
}

/** How a request ended, and when: `performance.now()`. */
interface End {
  at: number
  error: unknown
}

/** How long a framework that makes a server span of its own may take to end it once the response is done. */
const frameworkMs = 1000

/** What every served request gets, whatever framework serves it. */
export class ServedRequests {
  readonly #tracer: Tracer
  readonly #duration: Histogram
  readonly #settings: ResolvedConfig['requests']

  constructor(tracer: Tracer, duration: Histogram, settings: ResolvedConfig['requests']) {
    this.#tracer = tracer
    this.#duration = duration
    this.#settings = settings
  }

  /** A request has come in: its span begins, as a part of the caller's trace where the headers name one. */
  begin(request: IncomingMessage, response: ServerResponse, scheme: string): Served {
    const parent = propagation.extract(ROOT_CONTEXT, request.headers)
    const span = this.#tracer.startSpan(methodOf(request), { kind: SpanKind.SERVER }, parent)
    const state = openRequest(span)
    if (span.isRecording()) setOwnAttributes(span, serverAttributes(request, scheme))
    const { traceHeader } = this.#settings
    const { traceId } = span.spanContext()
    const open: OpenRequest = { state, endNow: (error) => this.#crash(served, error) }
    const served: Served = {
      request,
      response,
      scheme,
      state,
      context: withRequest(trace.setSpan(parent, span), state),
      traceHeader: traceHeader === false || traceId === noTrace ? undefined : [traceHeader, traceId],
      leave: keepOpen(open),
      ended: false,
    }
    return served
  }

  /** It is over: the response was sent, its connection was closed, or `error` broke it. Only the first end counts. */
  end(served: Served, error?: unknown): void {
    if (served.ended) return
    served.ended = true
    const { state } = served
    const end = { at: performance.now(), error }
    if (state.frameworkSpan === undefined) {
      this.#finish(served, end)
      return
    }
    // What the framework says of the request, its route above all, comes with the end of its own span.
    const finish = once(() => this.#finish(served, end))
    state.onFrameworkEnd = finish
    setTimeout(finish, frameworkMs).unref()
  }

  /** The process ends while the request is under way, or has just been answered. */
  #crash(served: Served, error: unknown): void {
    const { state } = served
    if (!served.ended && state.uncaught === undefined) {
      const message = `the process ended: ${asError(error).message}`
      state.span.setStatus({ code: SpanStatusCode.ERROR, message })
    }
    if (state.onFrameworkEnd !== undefined) state.onFrameworkEnd()
    else this.#finish(served, { at: performance.now(), error: undefined })
  }

  #finish(served: Served, { at, error }: End): void {
    served.ended = true
    served.leave()
    const { state, request, response } = served
    state.route ??= routeOf((state.span as { attributes?: Attributes }).attributes ?? {})
    const durationMs = at - state.startedAt
    const method = methodOf(request)
    this.#finishSpan(served, durationMs, error)

    const budgetMs = state.budgetMs ?? budgetOf(this.#settings.budgets, method, state.route)
    if (budgetMs !== undefined) {
      recordSla({ name: `${method} ${state.route ?? '*'}`, budgetMs, durationMs, span: state.span })
    }
    state.span.end(at)

    const attributes: Attributes = {
      'http.request.method': method,
      'url.scheme': served.scheme,
      'network.protocol.version': request.httpVersion,
      'http.response.status_code': response.statusCode,
    }
    if (state.route !== undefined) attributes['http.route'] = state.route
    const broken = error ?? state.uncaught
    if (broken !== undefined) attributes['error.type'] = nameOf(broken)
    else if (response.statusCode >= 500) attributes['error.type'] = String(response.statusCode)
    this.#duration.record(durationMs / 1000, attributes)
  }

  #finishSpan({ state, request, response }: Served, durationMs: number, error: unknown): void {
    const { span, route } = state
    if (!span.isRecording()) return
    const { statusCode } = response
    const attributes: Attributes = { 'http.response.status_code': statusCode }
    if (route !== undefined) {
      attributes['http.route'] = route
      span.updateName(`${request.method ?? 'GET'} ${route}`)
    }
    if (durationMs >= this.#settings.slowMs) attributes['request.slow'] = true
    if (error !== undefined) fail(span, attributes, error)
    else if (state.uncaught !== undefined) attributes['error.type'] = state.uncaught.name
    else if (statusCode >= 500) {
      attributes['error.type'] = state.errorType ?? String(statusCode)
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    setOwnAttributes(span, attributes)
    if (state.finders.length > 0) askFinders(span, state.identity, state.finders)
  }
}

const noTrace = '00000000000000000000000000000000'

function once(action: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    action()
  }
}

function fail(span: Span, attributes: Attributes, error: unknown): void {
  const cause = asError(error)
  attributes['error.type'] = cause.name
  span.setStatus({ code: SpanStatusCode.ERROR, message: cause.message })
  span.recordException(cause)
}

const nameOf = (error: unknown) => asError(error).name
