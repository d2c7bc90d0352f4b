import type { ResolvedConfig } from '@burstlet/contract/configuration'
import { context, logs, metrics, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { getBooleanFromEnv, getNumberFromEnv } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import { LoggerProvider, type LogRecordProcessor, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import {
  AggregationType,
  MeterProvider,
  type MetricReader,
  PeriodicExportingMetricReader,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics'
import { SimpleSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { BatchingLogs } from '../logging/batching.ts'
import { FinishingLogs } from '../logging/finishing.ts'
import { summaryScope } from '../metrics/scopes.ts'
import { ConsistentSampler } from '../sampling/consistent-sampler.ts'
import { samplingFromEnvironment } from '../sampling/from-environment.ts'
import { LocalTraces } from '../sampling/local-traces.ts'
import { BatchingSpans } from '../spans/batching.ts'
import { Finishing } from '../spans/finishing.ts'
import type { Delivery } from './detached-export.ts'
import { definedOnly, positiveFromEnv } from './environment-values.ts'
import { createLogExporters, createMetricExporters, createSpanExporters } from './exporters.ts'
import { collectNow } from './metrics-now.ts'
import { watchOverflow } from './overflow.ts'
import { createPropagator } from './propagators.ts'

/** Something that holds telemetry back and can be told to send it. */
export interface Provider {
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/** The registered providers, and a way to wait for what their exporters are sending. */
export interface Providers {
  providers: Provider[]
  flushExporters: () => Promise<void>
}

/**
 * Builds OpenTelemetry's three providers from the configuration and the `OTEL_*` variables and registers them.
 * `@opentelemetry/sdk-node` does much the same, but loads every exporter there is, and takes no processor around its own.
 */
export function registerProviders(config: ResolvedConfig, resource: Resource, delivery: Delivery): Providers {
  const flushes: (() => Promise<void>)[] = []
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const propagator = createPropagator()
  if (propagator !== undefined) propagation.setGlobalPropagator(propagator)

  // Metrics first: the others may measure themselves.
  const meterProvider = createMeterProvider(config, resource, delivery, flushes)
  if (meterProvider !== undefined) metrics.setGlobalMeterProvider(meterProvider)
  delivery.losses.publish()
  const ownMetrics = getBooleanFromEnv('OTEL_NODE_EXPERIMENTAL_SDK_METRICS') ? meterProvider : undefined
  const tracerProvider = createTracerProvider(config, resource, delivery, flushes, ownMetrics)
  if (tracerProvider !== undefined) trace.setGlobalTracerProvider(tracerProvider)
  const loggerProvider = createLoggerProvider(resource, delivery, flushes)
  if (loggerProvider !== undefined) logs.setGlobalLoggerProvider(loggerProvider)

  const flushExporters = async () => {
    await Promise.allSettled(flushes.map((flush) => flush()))
  }
  const providers = [tracerProvider, loggerProvider, meterProvider].filter((provider) => provider !== undefined)
  return { providers, flushExporters }
}

type Flushes = (() => Promise<void>)[]

function createTracerProvider(
  { tracing, requests, database }: ResolvedConfig,
  resource: Resource,
  delivery: Delivery,
  flushes: Flushes,
  meterProvider: MeterProvider | undefined,
): TracerProvider | undefined {
  if (!tracing.enabled) return undefined
  const limits = definedOnly({
    maxQueueSize: positiveFromEnv('OTEL_BSP_MAX_QUEUE_SIZE'),
    scheduledDelayMillis: positiveFromEnv('OTEL_BSP_SCHEDULE_DELAY'),
    exportTimeoutMillis: positiveFromEnv('OTEL_BSP_EXPORT_TIMEOUT'),
    maxExportBatchSize: positiveFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
    selfObsMeterProvider: meterProvider,
  })
  const sending = createSpanExporters(delivery).map(({ exporter, immediate, flush }): SpanProcessor => {
    flushes.push(flush)
    return immediate
      ? new SimpleSpanProcessor({ exporter })
      : new BatchingSpans({ exporter, ...limits }, delivery.losses)
  })
  if (sending.length === 0) return undefined

  const sampling = samplingFromEnvironment(tracing.samplingRate)
  const local: LocalTraces[] = []
  let spanProcessors = sending
  if ('rate' in sampling && sampling.rate < 1) {
    local.push(...sending.map((next) => new LocalTraces(next, requests.slowMs)))
    spanProcessors = local
  }
  const sampler =
    'rate' in sampling
      ? new ConsistentSampler(sampling.rate, (span) => local.some((traces) => traces.isRecorded(span)))
      : sampling.sampler
  for (const processor of spanProcessors) delivery.atExit.before(() => void processor.forceFlush().catch(() => {}))
  return new TracerProvider({
    resource,
    sampler,
    spanLimits: spanLimits(),
    spanProcessors: [new Finishing(database.slowMs), ...spanProcessors],
    ...(meterProvider === undefined ? {} : { meterProvider }),
  })
}

function spanLimits() {
  const limit = getNumberFromEnv
  return definedOnly({
    attributeCountLimit: limit('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT') ?? limit('OTEL_ATTRIBUTE_COUNT_LIMIT'),
    attributeValueLengthLimit:
      limit('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? limit('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
    eventCountLimit: limit('OTEL_SPAN_EVENT_COUNT_LIMIT'),
    linkCountLimit: limit('OTEL_SPAN_LINK_COUNT_LIMIT'),
    attributePerEventCountLimit: limit('OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT'),
    attributePerLinkCountLimit: limit('OTEL_LINK_ATTRIBUTE_COUNT_LIMIT'),
  })
}

function createMeterProvider(
  config: ResolvedConfig,
  resource: Resource,
  delivery: Delivery,
  flushes: Flushes,
): MeterProvider | undefined {
  const { system, application, custom } = config.metrics
  if (!system && !application && !custom) return undefined
  const exportIntervalMillis = positiveFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? config.collectInterval * 1000
  const exportTimeoutMillis = Math.min(positiveFromEnv('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000, exportIntervalMillis)
  const { exporters, readers: asked } = createMetricExporters(delivery)
  let provider: MeterProvider | undefined
  const pushing = exporters.map(({ exporter, flush }): MetricReader => {
    flushes.push(flush)
    watchOverflow(exporter)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis, exportTimeoutMillis })
    delivery.atExit.before(() => {
      const collected = provider === undefined ? undefined : collectNow(provider, reader)
      if (collected !== undefined) exporter.export(collected, () => {})
    })
    return reader
  })
  const readers = [...pushing, ...asked]
  if (readers.length === 0) return undefined
  const sdkMetricsEnabled = getBooleanFromEnv('OTEL_NODE_EXPERIMENTAL_SDK_METRICS') ?? false
  provider = new MeterProvider({ resource, readers, views: views(application), sdkMetricsEnabled })
  return provider
}

function views(application: boolean): ViewOptions[] {
  const views: ViewOptions[] = [
    { meterName: summaryScope, aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
  ]
  if (!application) {
    for (const instrumentName of ['http.*', 'db.*', 'rpc.*', 'messaging.*']) {
      views.push({ instrumentName, aggregation: { type: AggregationType.DROP } })
    }
  }
  return views
}

function createLoggerProvider(resource: Resource, delivery: Delivery, flushes: Flushes): LoggerProvider | undefined {
  const limits = definedOnly({
    maxQueueSize: positiveFromEnv('OTEL_BLRP_MAX_QUEUE_SIZE'),
    scheduledDelayMillis: positiveFromEnv('OTEL_BLRP_SCHEDULE_DELAY'),
    exportTimeoutMillis: positiveFromEnv('OTEL_BLRP_EXPORT_TIMEOUT'),
    maxExportBatchSize: positiveFromEnv('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE'),
  })
  const sending = createLogExporters(delivery).map(({ exporter, immediate, flush }): LogRecordProcessor => {
    flushes.push(flush)
    if (immediate) return new SimpleLogRecordProcessor({ exporter })
    const batching = new BatchingLogs({ exporter, ...limits }, delivery.losses)
    delivery.atExit.before(() => batching.exportNow())
    return batching
  })
  if (sending.length === 0) return undefined
  const limit = positiveFromEnv
  const logRecordLimits = definedOnly({
    attributeCountLimit: limit('OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT') ?? limit('OTEL_ATTRIBUTE_COUNT_LIMIT'),
    attributeValueLengthLimit:
      limit('OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? limit('OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT'),
  })
  return new LoggerProvider({ resource, processors: [new FinishingLogs(), ...sending], logRecordLimits })
}
