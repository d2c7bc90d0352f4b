import { diag, logs, metrics, trace } from '@opentelemetry/api'
import { getBooleanFromEnv } from '@opentelemetry/core'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { AggregationType, type ViewOptions } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { environmentOf, withEnvironment } from '../config/environment.ts'
import type { ResolvedConfig } from '../config/schema.ts'
import { recordCrash } from '../errors/capture-error.ts'
import { SUMMARY_SCOPE } from '../metrics/scopes.ts'
import { limitDiagnostics } from './diagnostics.ts'
import { hookImports } from './esm-hooks.ts'
import { flushOnExit } from './exit.ts'
import { createExporters, type Exporting } from './exporters.ts'
import { createInstrumentations } from './instrumentations.ts'
import { notice } from './notice.ts'
import { resourceDetectors, serviceResource } from './resource.ts'
import { sdkState } from './state.ts'

/**
 * Starts OpenTelemetry with a validated configuration. Answers false where nothing was started: switched off, started before,
 * or failed. It never throws, since a service must run without its monitoring.
 */
export function startSdk(config: ResolvedConfig, startedBy: 'register' | 'init'): boolean {
  const state = sdkState()
  if (state.startedBy !== undefined || !config.enabled || getBooleanFromEnv('OTEL_SDK_DISABLED')) return false
  state.startedBy = startedBy
  state.logLevel = config.logging.level
  state.customMetrics = config.metrics.custom
  try {
    start(config)
    return true
  } catch (error) {
    notice(`monitoring could not start: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

function start(config: ResolvedConfig): void {
  const state = sdkState()
  const diagnostics = limitDiagnostics()
  const instrumentations = createInstrumentations(config)
  const { sdk, exporting } = withEnvironment(environmentOf(config), () => startNodeSdk(config, instrumentations))
  hookImports(instrumentations)

  state.flush = async () => {
    await Promise.allSettled(providers().map((provider) => provider.forceFlush?.()))
    await exporting.flush()
  }
  let stopping: Promise<void> | undefined
  state.stop = () => {
    stopping ??= sdk
      .shutdown()
      .catch((error: unknown) => diag.error('Shutting down:', error))
      .then(() => diagnostics.report())
    return stopping
  }
  flushOnExit(recordCrash, diagnostics.unreachable)
}

function startNodeSdk(
  config: ResolvedConfig,
  instrumentations: Instrumentation[],
): { sdk: NodeSDK; exporting: Exporting } {
  const detectors = resourceDetectors()
  const exporting = createExporters()
  const { system, application, custom } = config.metrics
  const sdk = new NodeSDK({
    resource: serviceResource(config.serviceName),
    ...(detectors === undefined ? {} : { resourceDetectors: detectors }),
    instrumentations,
    views: views(config),
    ...exporting.configuration,
    ...(config.tracing.enabled ? {} : { spanProcessors: [] }),
    ...(system || application || custom ? {} : { metricReaders: [] }),
  })
  sdk.start()
  return { sdk, exporting }
}

function views({ metrics: { application } }: ResolvedConfig): ViewOptions[] {
  const views: ViewOptions[] = [
    { meterName: SUMMARY_SCOPE, aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
  ]
  if (!application) {
    for (const instrumentName of ['http.*', 'db.*', 'rpc.*', 'messaging.*']) {
      views.push({ instrumentName, aggregation: { type: AggregationType.DROP } })
    }
  }
  return views
}

type Flushable = { forceFlush?: () => Promise<void> }

function providers(): Flushable[] {
  const tracers = trace.getTracerProvider() as { getDelegate?: () => unknown }
  return [tracers.getDelegate?.() ?? tracers, metrics.getMeterProvider(), logs.getLoggerProvider()] as Flushable[]
}
