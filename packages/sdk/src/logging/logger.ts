import { type AnyValue, type Attributes, logs, SeverityNumber } from '@opentelemetry/api'
import type { LogLevel } from '../config/types.ts'
import { asError, isError } from '../errors/as-error.ts'
import { safely } from '../runtime/safely.ts'
import { sdkState } from '../runtime/state.ts'
import { sdkName, sdkVersion } from '../runtime/version.ts'
import { toAttributes } from './attributes.ts'

const severity: Record<LogLevel, SeverityNumber> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
}

/** Writes one log record with the trace that is active. An Error, as `message` or `metadata`, becomes the record's exception. */
export type LogMethod = (message: string | Error, metadata?: object) => void

/**
 * A structured logger. Records go to the backend only, not to the console; below `logging.level` they are not made.
 * A service that already logs with pino, winston or bunyan needs no second logger: those are sent as well.
 */
export const logger: Record<LogLevel, LogMethod> = {
  debug: (message, metadata) => write('debug', message, metadata),
  info: (message, metadata) => write('info', message, metadata),
  warn: (message, metadata) => write('warn', message, metadata),
  error: (message, metadata) => write('error', message, metadata),
}

function write(level: LogLevel, message: unknown, metadata: unknown): void {
  if (severity[level] < severity[sdkState().logLevel]) return
  safely(`logger.${level}`, () => {
    logs.getLogger(sdkName, sdkVersion).emit({
      severityNumber: severity[level],
      severityText: level.toUpperCase(),
      body: isError(message) ? asError(message).message : bodyOf(message),
      attributes: { ...(isError(message) ? exceptionOf(message) : {}), ...attributesOf(metadata) },
    })
  })
}

/** A message is a text; what else is given for one is kept as far as it can be. */
function bodyOf(message: unknown): AnyValue {
  if (typeof message === 'string') return message
  if (typeof message !== 'object' || message === null) return String(message)
  return toAttributes(message)
}

function attributesOf(metadata: unknown): Attributes {
  return isError(metadata) ? exceptionOf(metadata) : toAttributes(metadata)
}

function exceptionOf(error: Error): Attributes {
  const { name, message, stack } = asError(error)
  return { 'exception.type': name, 'exception.message': message, 'exception.stacktrace': stack ?? '' }
}
