// The public face of @burstlet/monitoring/web: for browsers.
import { SeverityNumber, SpanStatusCode } from '@opentelemetry/api'
import { ActiveSpan } from './web/active-span.ts'
import { reportDocumentLoad } from './web/document-load.ts'
import { exceptionAttributes, reportErrors } from './web/errors.ts'
import { traceFetch } from './web/fetch.ts'
import type { WebOptions } from './web/options.ts'
import { createPipeline } from './web/pipeline.ts'
import { reportVitals } from './web/vitals.ts'

export type { WebOptions } from './web/options.ts'

/** What is running in a page. */
export interface WebMonitoring {
  /** Kept for as long as the tab lives, across page loads. */
  readonly sessionId: string
  /** Everything from now on carries this `user.id`; undefined takes it away. */
  identify(user: string | number | undefined): void
  /** Reports an error that was handled. */
  captureError(error: unknown, context?: Record<string, string | number | boolean>): void
  /** Writes an event of the business: `event('checkout.started', { plan: 'pro' })`. */
  event(name: string, tags?: Record<string, string | number | boolean>): void
  /**
   * Runs `work` in a span. Requests, logs and spans that it makes before it first waits belong to that span; browsers cannot tell
   * what comes later apart.
   */
  trace<T>(name: string, work: () => T | Promise<T>): Promise<T>
  /** Sends what is waiting. Pages that are left do so by themselves. */
  flush(): Promise<void>
}

const key = Symbol.for('burstlet.monitoring.web')

/**
 * Starts monitoring a page: its load, its requests by `fetch`, its web vitals and its errors, all with one session id. It never
 * throws; called twice, the first call counts.
 *
 * @example startWebMonitoring({ endpoint: 'https://otlp.example.com', serviceName: 'shop-web' })
 */
export function startWebMonitoring(options: WebOptions): WebMonitoring {
  const holder = globalThis as { [key]?: WebMonitoring }
  holder[key] ??= start(options)
  return holder[key]
}

function start(options: WebOptions): WebMonitoring {
  const { tracer, logger, identity, flush } = createPipeline(options)
  const quietly = (part: () => void) => {
    try {
      part()
    } catch {
      // A browser that lacks one part still has the others, and its page.
    }
  }
  const active = new ActiveSpan()
  quietly(() => traceFetch(tracer, active, options))
  quietly(() => reportDocumentLoad(tracer))
  quietly(() => reportVitals(logger))
  quietly(() => reportErrors(logger))

  return {
    sessionId: identity.session,
    identify: (user) => {
      identity.user = user === undefined ? undefined : String(user)
    },
    captureError: (error, context = {}) =>
      logger.emit({
        severityNumber: SeverityNumber.ERROR,
        severityText: 'ERROR',
        context: active.context,
        body: error instanceof Error ? error.message : String(error),
        attributes: { ...context, ...exceptionAttributes(error), 'error.handled': true },
      }),
    event: (name, tags = {}) =>
      logger.emit({
        eventName: name,
        severityNumber: SeverityNumber.INFO,
        severityText: 'INFO',
        context: active.context,
        body: name,
        attributes: { ...tags, 'event.name': name, 'event.domain': 'business' },
      }),
    trace: async (name, work) => {
      const span = tracer.startSpan(name, {}, active.context)
      try {
        return await active.during(span, work)
      } catch (error) {
        span.recordException(error instanceof Error ? error : String(error))
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    },
    flush,
  }
}
