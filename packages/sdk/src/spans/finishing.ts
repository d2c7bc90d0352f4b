import { type Context, metrics, SpanKind } from '@opentelemetry/api'
import { hrTimeToMilliseconds } from '@opentelemetry/core'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace'
import { moveExceptions } from '../errors/exception-signal.ts'
import { withoutQuotedValues } from '../privacy/database-errors.ts'
import { scrubAttributes } from '../privacy/scrub.ts'
import { scrubText } from '../privacy/sensitive.ts'
import { inclusionOf, routeOf, routeOfNext } from '../requests/framework-span.ts'
import { identityAttributes } from '../requests/identify.ts'
import { joinRequest, requestOf, requestOfSpan } from '../requests/request-state.ts'
import { sdkName, sdkVersion } from '../runtime/version.ts'

/**
 * What every span gets before it goes on: for whom its request is made, slow statements marked and counted, the error told to
 * its request, and secrets taken out.
 */
export class Finishing implements SpanProcessor {
  readonly #slowStatementMs: number
  readonly #slow = metrics
    .getMeter(sdkName, sdkVersion)
    .createCounter('db.client.slow_operations', { unit: '{operation}', description: 'Slow database statements' })

  constructor(slowStatementMs: number) {
    this.#slowStatementMs = slowStatementMs
  }

  onStart(span: Span, parentContext: Context): void {
    const inContext = requestOf(parentContext)
    const request = span.kind === SpanKind.SERVER ? inclusionOf(span, inContext) : inContext
    if (request === undefined) return
    joinRequest(span, request)
    if (request.identity.user !== undefined || request.identity.session !== undefined) {
      span.setAttributes(identityAttributes(request.identity))
    }
  }

  onEnding(span: Span): void {
    const { attributes } = span
    this.#tellRoute(span)
    const system = attributes['db.system.name'] ?? attributes['db.system']
    if (system !== undefined && span.kind === SpanKind.CLIENT) this.#markSlow(span, String(system))
    for (const event of span.events) {
      if (event.attributes === undefined) continue
      if (event.name === 'exception') this.#tellRequest(span, event.attributes['exception.type'])
      scrubAttributes(event.attributes)
    }
    moveExceptions(span)
    scrubAttributes(attributes, system === undefined ? undefined : String(system))
    this.#scrubStatus(span)
  }

  onEnd(_span: ReadableSpan): void {}

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}

  #markSlow(span: Span, system: string): void {
    if (hrTimeToMilliseconds(span.duration) < this.#slowStatementMs) return
    span.setAttribute('db.query.slow', true)
    const table = span.attributes['db.collection.name']
    this.#slow.add(1, {
      'db.system.name': system,
      ...(typeof table === 'string' ? { 'db.collection.name': table } : {}),
    })
  }

  #scrubStatus(span: Span): void {
    const { code, message } = span.status
    if (message === undefined) return
    const clean = scrubText(withoutQuotedValues(message))
    if (clean !== message) span.setStatus({ code, message: clean })
  }

  /** The framework's span knows the route, also where it began before the route was found. */
  #tellRoute(span: Span): void {
    const request = requestOfSpan(span)
    if (request === undefined) return
    request.route ??= routeOfNext(span.attributes)
    if (request.frameworkSpan !== span) return
    request.route ??= routeOf(span.attributes)
    request.frameworkSpan = undefined
    // Once this one is done: its own end must not wait for the other's.
    queueMicrotask(() => request.onFrameworkEnd?.())
  }

  #tellRequest(span: Span, errorType: unknown): void {
    const request = requestOfSpan(span)
    if (request !== undefined && typeof errorType === 'string') request.errorType = errorType
  }
}
