import { diag } from '@opentelemetry/api'
import { environmentOf, withEnvironment } from '../config/environment.ts'
import type { ResolvedConfig } from '../config/schema.ts'
import { recordCrash } from '../errors/capture-error.ts'
import { createAtExit } from './at-exit.ts'
import { limitDiagnostics } from './diagnostics.ts'
import { flushOnExit } from './exit.ts'
import { startInstrumentations } from './instrumentations.ts'
import { createLosses } from './losses.ts'
import { unsupportedNode } from './node-version.ts'
import { notice } from './notice.ts'
import { registerProviders } from './providers.ts'
import { serviceResource } from './resource.ts'
import { sdkState } from './state.ts'

/**
 * Starts OpenTelemetry with a validated configuration. Answers false where nothing was started: switched off, started before,
 * failed, or on a Node that is too old. It never throws, since a service must run without its monitoring.
 */
export function startSdk(config: ResolvedConfig, startedBy: 'register' | 'init'): boolean {
  const state = sdkState()
  if (state.startedBy !== undefined || !config.enabled) return false
  const unsupported = unsupportedNode(process.versions.node)
  if (unsupported !== undefined) {
    notice(unsupported)
    return false
  }
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
  const losses = createLosses()
  const diagnostics = limitDiagnostics(losses)
  const atExit = createAtExit(losses)
  const { providers, flushExporters } = withEnvironment(environmentOf(config), () =>
    registerProviders(config, serviceResource(config.serviceName), { atExit, losses }),
  )
  startInstrumentations(config)

  state.flush = async () => {
    await Promise.allSettled(providers.map((provider) => provider.forceFlush()))
    await flushExporters()
  }
  let stopping: Promise<void> | undefined
  state.stop = () => {
    stopping ??= Promise.all(providers.map((provider) => provider.shutdown()))
      .catch((error: unknown) => diag.error('Shutting down:', error))
      .then(() => diagnostics.report())
    return stopping
  }
  flushOnExit({
    recordCrash,
    unreachable: diagnostics.unreachable,
    handOver: () => atExit.handOver(),
    describeUnsent: () => losses.describeSending(),
  })
}
