import { type Attributes, logs, SeverityNumber } from '@opentelemetry/api'
import type { LogLevel } from '../config/types.ts'
import { sdkState } from '../runtime/state.ts'
import { SDK_NAME, SDK_VERSION } from '../runtime/version.ts'
import { toAttributes } from './attributes.ts'

const SEVERITY: Record<LogLevel, SeverityNumber> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
}

/** Writes one log record with the trace that is active. An Error as `metadata` becomes the record's exception. */
export type LogMethod = (message: string, metadata?: object) => void

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

function write(level: LogLevel, message: string, metadata: object | undefined): void {
  if (SEVERITY[level] < SEVERITY[sdkState().logLevel]) return
  logs.getLogger(SDK_NAME, SDK_VERSION).emit({
    severityNumber: SEVERITY[level],
    severityText: level.toUpperCase(),
    body: message,
    attributes: attributesOf(metadata),
  })
}

function attributesOf(metadata: object | undefined): Attributes {
  if (metadata === undefined || metadata === null) return {}
  if (!(metadata instanceof Error)) return toAttributes(metadata)
  return {
    'exception.type': metadata.name,
    'exception.message': metadata.message,
    'exception.stacktrace': metadata.stack ?? '',
  }
}
