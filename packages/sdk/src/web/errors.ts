import { type Attributes, type Logger, SeverityNumber } from '@opentelemetry/api'
import { scrubText, scrubUrl } from '../privacy/sensitive.ts'

/** A page that fails in a loop must not send without end. */
const maxErrors = 100

/** Writes what nobody caught, thrown or rejected, as error logs with their stack. */
export function reportErrors(logger: Logger): void {
  let reported = 0
  const report = (error: unknown, origin: string, more: Attributes = {}) => {
    if (++reported > maxErrors) return
    logger.emit({
      severityNumber: SeverityNumber.ERROR,
      severityText: 'ERROR',
      body: scrubText(error instanceof Error ? error.message : String(error)),
      attributes: { ...more, ...exceptionAttributes(error), 'error.handled': false, 'error.origin': origin },
    })
  }
  addEventListener('error', ({ error, message, filename, lineno }) => {
    // Scripts of other origins hide all but this text.
    const where: Attributes = filename ? { 'code.file.path': scrubUrl(filename), 'code.line.number': lineno } : {}
    report(error ?? message, 'error', where)
  })
  addEventListener('unhandledrejection', ({ reason }) => report(reason, 'unhandledrejection'))
}

/** An error as the semantic conventions write it. */
export function exceptionAttributes(error: unknown): Attributes {
  if (!(error instanceof Error))
    return { 'exception.type': typeof error, 'exception.message': scrubText(String(error)) }
  return {
    'exception.type': error.name,
    'exception.message': scrubText(error.message),
    'exception.stacktrace': scrubText(error.stack ?? ''),
  }
}
