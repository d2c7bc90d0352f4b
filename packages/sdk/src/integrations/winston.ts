import { context, SeverityNumber, trace } from '@opentelemetry/api'
import {
  InstrumentationBase,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from '@opentelemetry/instrumentation'
import { toAttributes } from '../logging/attributes.ts'
import { sdkVersion } from '../runtime/version.ts'

interface WinstonLogger {
  level: string
  levels: Record<string, number>
  silent?: boolean
}
interface WinstonRecord {
  level: string
  message: unknown
  [key: string]: unknown
}
interface LoggerClass {
  prototype: { write: (this: WinstonLogger, record: WinstonRecord, ...rest: unknown[]) => boolean }
}

const severity: Record<string, SeverityNumber> = {
  error: SeverityNumber.ERROR,
  warn: SeverityNumber.WARN,
  info: SeverityNumber.INFO,
  http: SeverityNumber.DEBUG3,
  verbose: SeverityNumber.DEBUG2,
  debug: SeverityNumber.DEBUG,
  silly: SeverityNumber.TRACE,
}

/**
 * Sends what winston 3 logs as OpenTelemetry log records and writes the trace id into each record.
 * OpenTelemetry's own instrumentation needs @opentelemetry/winston-transport, whose releases still
 * bring a second, older logs API that no SDK 3 provider is registered with, so its records go nowhere.
 */
export class WinstonIntegration extends InstrumentationBase {
  constructor() {
    super('@burstlet/monitoring/winston', sdkVersion, {})
  }

  protected override init() {
    const file = new InstrumentationNodeModuleFile(
      'winston/lib/winston/logger.js',
      ['>=3 <4'],
      (Logger: LoggerClass) => {
        this._wrap(Logger.prototype, 'write', (original) => this.writeAndSend(original))
        return Logger
      },
      (Logger?: LoggerClass) => {
        if (Logger !== undefined) this._unwrap(Logger.prototype, 'write')
      },
    )
    return new InstrumentationNodeModuleDefinition('winston', ['>=3 <4'], undefined, undefined, [file])
  }

  private writeAndSend(original: LoggerClass['prototype']['write']): LoggerClass['prototype']['write'] {
    const send = (record: WinstonRecord) => this.send(record)
    return function write(record, ...rest) {
      if (isEnabled(this, record)) send(record)
      return original.call(this, record, ...rest)
    }
  }

  private send(record: WinstonRecord): void {
    const { level, message, ...metadata } = record
    this.logger.emit({
      severityNumber: severity[level] ?? SeverityNumber.INFO,
      severityText: level,
      body: typeof message === 'string' ? message : String(message),
      attributes: toAttributes(metadata),
      context: context.active(),
    })
    const spanContext = trace.getActiveSpan()?.spanContext()
    if (spanContext === undefined) return
    record['trace_id'] = spanContext.traceId
    record['span_id'] = spanContext.spanId
  }
}

function isEnabled(logger: WinstonLogger, record: WinstonRecord): boolean {
  if (record === null || typeof record !== 'object' || logger.silent === true) return false
  const limit = logger.levels[logger.level]
  const rank = logger.levels[record.level]
  return limit === undefined || rank === undefined || rank <= limit
}
