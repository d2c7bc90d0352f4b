import { DiagConsoleLogger, type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api'
import { getStringFromEnv } from '@opentelemetry/core'
import type { Losses } from './losses.ts'
import { notice } from './notice.ts'

const intervalMs = 60_000

/** What the OTLP exporters say, at the level VERBOSE, when the backend did not take a request. */
const retry = 'Scheduling export retry'

/** What came of watching OpenTelemetry's own messages. */
export interface Diagnostics {
  /** Tells what was counted but not written yet. */
  report: () => void
  /** Resolves when sending turns out to be in vain for now: it failed lately, or an exporter starts to retry. */
  unreachable: () => Promise<void>
}

/** What our exporters put before the reason why something was not sent. Whatever else is said is not about sending. */
export const notSent = 'telemetry was not sent or not complete:'

/**
 * What OpenTelemetry says when somebody writes to a span that is over, or ends one before it began. Frameworks do (Next.js, with each
 * request), nothing is lost by it that was meant to be kept, and who runs the service cannot help it.
 */
const ofNoUse = /\bended Span\b|^Inconsistent start and end time/

/**
 * Keeps OpenTelemetry's complaints from filling a service's log: the first of a kind is written at once, the rest are counted and
 * told as one line once the interval is over, with what was lost. OTEL_LOG_LEVEL gives the whole stream instead, as everywhere.
 */
export function limitDiagnostics(losses: Losses): Diagnostics {
  const asked = askedLevel()
  if (asked !== undefined) return watch(losses, upTo(asked), () => {})
  const sending = atIntervals(
    (last) => {
      const lost = losses.takeLost()
      return `${notSent} ${last}${lost === undefined ? '' : `; lost: ${lost}`}`
    },
    (count, last) => {
      const lost = losses.takeLost()
      const problems = count > 0 ? `${count} more problems while sending telemetry, the last: ${last}` : undefined
      const loss = lost === undefined ? undefined : `lost since the last report: ${lost}`
      return [problems, loss].filter((part) => part !== undefined).join('; ')
    },
  )
  const others = atIntervals(
    (last) => `OpenTelemetry says: ${last}`,
    (count, last) => (count > 0 ? `OpenTelemetry says ${count} things more, the last: ${last}` : ''),
  )
  const complain = (...parts: unknown[]) => {
    const text = describe(parts.filter((part) => part !== notSent))
    if (isAboutSending(parts)) sending.complain(text)
    else if (!ofNoUse.test(text)) others.complain(text)
  }
  const report = () => {
    sending.report()
    others.report()
  }
  return watch(losses, { ...silent, error: complain, warn: complain }, report)
}

/** Ours, and those that OpenTelemetry's own error handler gives as JSON: it is called where an export or a collection has failed. */
function isAboutSending([first]: unknown[]): boolean {
  return first === notSent || (typeof first === 'string' && first.startsWith('{'))
}

/** Says the first of many at once, and how many followed when the next comes after the interval. Empty texts are not written. */
function atIntervals(first: (last: string) => string, more: (count: number, last: string) => string) {
  let counted = 0
  let last = ''
  let quietUntil = 0
  const report = () => {
    const text = more(counted, last)
    if (text !== '') notice(text)
    counted = 0
  }
  const complain = (text: string) => {
    last = text
    const now = Date.now()
    if (now < quietUntil) {
      counted++
      return
    }
    quietUntil = now + intervalMs
    if (counted > 0) report()
    else notice(first(last))
  }
  return { complain, report }
}

const ignore = () => {}
const silent: DiagLogger = { error: ignore, warn: ignore, info: ignore, debug: ignore, verbose: ignore }

/** Gives OpenTelemetry's messages to a logger, and overhears the exporters' once somebody asks whether the backend is there. */
function watch(losses: Losses, logger: DiagLogger, report: () => void): Diagnostics {
  const listen = (to: DiagLogger) => diag.setLogger(to, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true })
  listen(logger)
  const unreachable = () =>
    new Promise<void>((resolve) => {
      if (losses.wasAway(intervalMs)) resolve()
      const verbose: DiagLogger['verbose'] = (message, ...more) => {
        logger.verbose(message, ...more)
        if (message.startsWith(retry)) resolve()
      }
      listen({ ...logger, verbose })
    })
  return { report, unreachable }
}

/** What OTEL_LOG_LEVEL asks for; undefined where it is not set, or to no level. */
function askedLevel(): DiagLogLevel | undefined {
  const name = getStringFromEnv('OTEL_LOG_LEVEL')
  if (name === undefined) return undefined
  const level: unknown = Object.entries(DiagLogLevel).find(([known]) => known === name.toUpperCase())?.[1]
  if (typeof level === 'number') return level
  notice(`OTEL_LOG_LEVEL: there is no level ${name}.`)
  return undefined
}

/** OpenTelemetry's own logger to the console, without what is below a level. */
function upTo(level: DiagLogLevel): DiagLogger {
  const { error, warn, info, debug, verbose } = new DiagConsoleLogger()
  const from = (least: DiagLogLevel, log: DiagLogger['error']) => (level >= least ? log : ignore)
  return {
    error: from(DiagLogLevel.ERROR, error),
    warn: from(DiagLogLevel.WARN, warn),
    info: from(DiagLogLevel.INFO, info),
    debug: from(DiagLogLevel.DEBUG, debug),
    verbose: from(DiagLogLevel.VERBOSE, verbose),
  }
}

/** OpenTelemetry hands over errors as JSON of everything they hold; the message is what a person needs. */
function describe(parts: unknown[]): string {
  return parts
    .map((part) => {
      if (part instanceof Error) return messageOf(part)
      const text = String(part)
      if (!text.startsWith('{')) return text
      try {
        const { message, code } = JSON.parse(text) as Record<string, unknown>
        return [message, code].filter((piece) => piece !== undefined && piece !== '').join(' ')
      } catch {
        return text
      }
    })
    .join(' ')
    .slice(0, 300)
}

function messageOf(error: Error): string {
  // Node's AggregateError of a refused connection has an empty message and the reasons inside.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(String).join(', ')
  return error.message
}
