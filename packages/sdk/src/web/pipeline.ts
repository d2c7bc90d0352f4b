import type { Logger, Tracer } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { sdkName, sdkVersion } from '../runtime/version.ts'
import { ConsistentSampler } from '../sampling/consistent-sampler.ts'
import type { WebOptions } from './options.ts'
import { sessionId } from './session.ts'

/** For whom the page works. Put on everything that is sent. */
export interface WebIdentity {
  readonly session: string
  user: string | undefined
}

export interface Pipeline {
  tracer: Tracer
  logger: Logger
  identity: WebIdentity
  flush: () => Promise<void>
}

const delayMs = 2000

/** Queues, batches and exporters for a page. They send when the page is hidden, too. */
export function createPipeline(options: WebOptions): Pipeline {
  const identity: WebIdentity = { session: sessionId(), user: undefined }
  const { serviceName, serviceVersion, environment, headers = {} } = options
  const resource = resourceFromAttributes({
    'service.name': serviceName,
    ...(serviceVersion === undefined ? {} : { 'service.version': serviceVersion }),
    ...(environment === undefined ? {} : { 'deployment.environment.name': environment }),
    'telemetry.sdk.language': 'webjs',
    'telemetry.distro.name': sdkName,
    'telemetry.distro.version': sdkVersion,
    'user_agent.original': navigator.userAgent,
    'browser.language': navigator.language,
  })
  const endpoint = new URL(options.endpoint, location.href).href.replace(/\/$/, '')
  const batches = { scheduledDelayMillis: delayMs, maxQueueSize: 512, maxExportBatchSize: 128 }
  const spanExporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers })
  const logExporter = new OTLPLogExporter({ url: `${endpoint}/v1/logs`, headers })
  const tracers = new TracerProvider({
    resource,
    sampler: new ConsistentSampler(options.samplingRate ?? 1, () => false),
    spanProcessors: [identifySpans(identity), new BatchSpanProcessor({ exporter: spanExporter, ...batches })],
  })
  const loggers = new LoggerProvider({
    resource,
    processors: [identifyLogs(identity), new BatchLogRecordProcessor({ exporter: logExporter, ...batches })],
  })
  const flush = async () => {
    await Promise.allSettled([tracers.forceFlush(), loggers.forceFlush()])
  }
  return {
    tracer: tracers.getTracer(`${sdkName}/web`, sdkVersion),
    logger: loggers.getLogger(`${sdkName}/web`, sdkVersion),
    identity,
    flush,
  }
}

function attributesOf({ session, user }: WebIdentity) {
  return { 'session.id': session, 'url.path': location.pathname, ...(user === undefined ? {} : { 'user.id': user }) }
}

function identifySpans(identity: WebIdentity): SpanProcessor {
  return {
    onStart: (span) => void span.setAttributes(attributesOf(identity)),
    onEnd() {},
    async forceFlush() {},
    async shutdown() {},
  }
}

function identifyLogs(identity: WebIdentity): LogRecordProcessor {
  return {
    onEmit: (record) => void record.setAttributes(attributesOf(identity)),
    async forceFlush() {},
    async shutdown() {},
  }
}
