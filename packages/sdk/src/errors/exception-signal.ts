import { context, logs, SeverityNumber, type Span, trace } from '@opentelemetry/api'
import type { TimedEvent } from '@opentelemetry/sdk-trace'
import { notice } from '../runtime/notice.ts'
import { sdkName, sdkVersion } from '../runtime/version.ts'

/** Where an exception of a span goes: an event of the span, a log record, or both. */
export type ExceptionSignal = 'events' | 'logs' | 'logs/dup'

const variable = 'OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN'
let signal: ExceptionSignal | undefined

/** What `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN` asks for; events when it is not set, as the semantic conventions have it until their next major version. */
export function exceptionSignal(): ExceptionSignal {
  if (signal !== undefined) return signal
  const value = process.env[variable]?.trim() ?? ''
  const known = value === 'logs' || value === 'logs/dup'
  if (value !== '' && !known) notice(`${variable} is "${value}"; "logs" and "logs/dup" are what it may be.`)
  signal = known ? value : 'events'
  return signal
}

const logged = new WeakMap<Span, Set<string>>()

/** Remembers that a log record tells this exception of the span. */
export function markLogged(span: Span, type: unknown, message: unknown): void {
  const told = logged.get(span) ?? new Set()
  logged.set(span, told.add(`${type}\n${message}`))
}

/**
 * Makes log records of the exception events of a span that ends, whoever recorded them, and takes the events off it where they
 * are to be records only.
 */
export function moveExceptions(span: Span & { readonly events: TimedEvent[] }): void {
  const where = exceptionSignal()
  if (where === 'events') return
  const told = logged.get(span)
  for (const { name, attributes = {}, time } of span.events) {
    if (name !== 'exception') continue
    if (told?.has(`${attributes['exception.type']}\n${attributes['exception.message']}`)) continue
    logs.getLogger(sdkName, sdkVersion).emit({
      eventName: 'exception',
      timestamp: time,
      severityNumber: SeverityNumber.ERROR,
      severityText: 'ERROR',
      body: attributes['exception.message'],
      attributes: { ...attributes },
      context: trace.setSpan(context.active(), span),
    })
  }
  if (where === 'logs') removeExceptions(span.events)
}

function removeExceptions(events: TimedEvent[]): void {
  for (let index = events.length - 1; index >= 0; index--) {
    if (events[index]!.name === 'exception') events.splice(index, 1)
  }
}
