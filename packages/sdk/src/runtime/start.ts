import type { ResolvedConfig } from '@burstlet/contract/configuration'
import { diag } from '@opentelemetry/api'
import { environmentOf, withEnvironment } from '../config/environment.ts'
import { recordCrash } from '../errors/capture-error.ts'
import { endOpenRequests } from '../requests/open-requests.ts'
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

/** A backend that could not be reached this lately is not waited for at a crash. */
const awayMs = 60_000

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
    start(config, startedBy)
    return true
  } catch (error) {
    notice(`monitoring could not start: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

function start(config: ResolvedConfig, startedBy: 'register' | 'init'): void {
  const state = sdkState()
  const losses = createLosses()
  const diagnostics = limitDiagnostics(losses)
  const atExit = createAtExit(losses)
  const { providers, flushExporters } = withEnvironment(environmentOf(config), () =>
    registerProviders(config, serviceResource(config.serviceName), { atExit, losses }),
  )
  startInstrumentations(config, startedBy)

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
    endUnderWay: endOpenRequests,
    unreachable: diagnostics.unreachable,
    wasAway: () => losses.wasAway(awayMs),
    handOver: (waitMs) => atExit.handOver(waitMs),
    describeUnsent: () => losses.describeSending(),
  })
}
