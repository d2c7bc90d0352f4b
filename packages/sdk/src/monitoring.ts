// The public face of @burstlet/monitoring. What is not named here may change at any time.
export { SpanKind } from '@opentelemetry/api'
export type { AlertChannel, AlertChannelKind, LogLevel, MonitoringConfig } from './config/types.ts'
export { captureError } from './errors/capture-error.ts'
export { MonitoringError, type MonitoringErrorCode } from './errors/monitoring-error.ts'
export { init, shutdown } from './init.ts'
export { type LogMethod, logger } from './logging/logger.ts'
export { type Counter, type InstrumentOptions, metrics, type Recorder, type Tags } from './metrics/instruments.ts'
export { type TraceHeaders, type TraceOptions, trace, traceHeaders } from './tracing/trace.ts'
