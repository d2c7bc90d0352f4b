/** Rows of the tables back to OTLP/JSON. */
export { logBody, logRecord, logsData } from './encode/logs.ts'
export { metricsData, type PointRows } from './encode/metrics.ts'
export { span, tracesData } from './encode/traces.ts'
