import { diag } from '@opentelemetry/api'
import { getNumberFromEnv, getStringFromEnv } from '@opentelemetry/core'
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import { detach, unrefAgents } from './detached-export.ts'

/** The part of NodeSDK's configuration that says how things are sent, and a way to wait for what is on its way. */
export type Exporting = {
  configuration: Partial<Pick<NodeSDKConfiguration, 'traceExporter' | 'metricReaders' | 'logRecordProcessors'>>
  flush: () => Promise<void>
}

type Signal = 'TRACES' | 'METRICS' | 'LOGS'

/**
 * Makes the exporters of OTLP over HTTP, from the standard variables, such that they never hold the process. Whatever else the
 * environment asks for (gRPC, console, zipkin, none) is left to NodeSDK.
 */
export function createExporters(): Exporting {
  const configuration: Exporting['configuration'] = {}
  const flushes: (() => Promise<void>)[] = []
  const options = { httpAgentOptions: unrefAgents }

  const traces = protocolOf('TRACES')
  if (traces !== undefined) {
    const { exporter, flush } = detach(
      traces === 'json' ? new JsonTraceExporter(options) : new OTLPTraceExporter(options),
    )
    configuration.traceExporter = exporter
    flushes.push(flush)
  }
  const metrics = protocolOf('METRICS')
  if (metrics !== undefined) {
    const { exporter, flush } = detach(
      metrics === 'json' ? new JsonMetricExporter(options) : new OTLPMetricExporter(options),
    )
    configuration.metricReaders = [new PeriodicExportingMetricReader({ exporter, ...metricTimes() })]
    flushes.push(flush)
  }
  const logs = protocolOf('LOGS')
  if (logs !== undefined) {
    const { exporter, flush } = detach(logs === 'json' ? new JsonLogExporter(options) : new OTLPLogExporter(options))
    configuration.logRecordProcessors = [new BatchLogRecordProcessor({ exporter, ...logBatches() })]
    flushes.push(flush)
  }
  const flush = async () => {
    await Promise.allSettled(flushes.map((wait) => wait()))
  }
  return { configuration, flush }
}

function protocolOf(signal: Signal): 'json' | 'protobuf' | undefined {
  if ((getStringFromEnv(`OTEL_${signal}_EXPORTER`) ?? 'otlp').trim() !== 'otlp') return undefined
  const protocol =
    getStringFromEnv(`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`) ?? getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL')
  switch (protocol?.trim() ?? 'http/protobuf') {
    case 'http/protobuf':
      return 'protobuf'
    case 'http/json':
      return 'json'
    default:
      return undefined
  }
}

function metricTimes(): { exportIntervalMillis: number; exportTimeoutMillis: number } {
  const exportIntervalMillis = positive('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000
  const timeout = positive('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000
  return { exportIntervalMillis, exportTimeoutMillis: Math.min(timeout, exportIntervalMillis) }
}

function logBatches() {
  const maxQueueSize = positive('OTEL_BLRP_MAX_QUEUE_SIZE')
  const scheduledDelayMillis = positive('OTEL_BLRP_SCHEDULE_DELAY')
  const exportTimeoutMillis = positive('OTEL_BLRP_EXPORT_TIMEOUT')
  const maxExportBatchSize = positive('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE')
  return {
    ...(maxQueueSize === undefined ? {} : { maxQueueSize }),
    ...(scheduledDelayMillis === undefined ? {} : { scheduledDelayMillis }),
    ...(exportTimeoutMillis === undefined ? {} : { exportTimeoutMillis }),
    ...(maxExportBatchSize === undefined ? {} : { maxExportBatchSize }),
  }
}

function positive(variable: string): number | undefined {
  const value = getNumberFromEnv(variable)
  if (value === undefined || value > 0) return value
  diag.warn(`${variable} must be greater than 0, not ${value}; its default is used.`)
  return undefined
}
