import type { BatchObservableCallback, Observable } from '@opentelemetry/api'
import { InstrumentationBase } from '@opentelemetry/instrumentation'
import { sdkVersion } from '../runtime/version.ts'
import { observeDisks, observeLoad, observeNetwork } from './observed.ts'

/** Where the network is read here rather than by @opentelemetry/instrumentation-host-metrics, which starts a shell each time. */
const readsNetwork = process.platform === 'linux'

/** The groups that are left to @opentelemetry/instrumentation-host-metrics. */
export const hostMetricGroups = [
  ...['system.cpu', 'system.memory', 'process.cpu', 'process.memory'],
  ...(readsNetwork ? [] : ['system.network']),
]

/**
 * The host metrics that @opentelemetry/instrumentation-host-metrics lacks, file systems, load average and uptime, and those it
 * gets dearly. Names and attributes are those of the semantic conventions.
 */
export class HostInstrumentation extends InstrumentationBase {
  // `declare`: the base constructor calls the methods below before this class's fields would be initialised.
  declare private registered: { callback: BatchObservableCallback; instruments: Observable[] } | undefined

  constructor() {
    super('@burstlet/monitoring/host', sdkVersion, {})
  }

  protected override init() {
    return []
  }

  /** OpenTelemetry calls this again whenever a meter provider is set. */
  protected override _updateMetricInstruments(): void {
    const { meter } = this
    if (this.registered !== undefined) {
      meter.removeBatchObservableCallback(this.registered.callback, this.registered.instruments)
    }
    const groups = [observeLoad(meter), observeDisks(meter), ...(readsNetwork ? [observeNetwork(meter)] : [])]
    const callback: BatchObservableCallback = async (result) => {
      await Promise.all(groups.map(({ observe }) => observe(result)))
    }
    const instruments = groups.flatMap((group) => group.instruments)
    meter.addBatchObservableCallback(callback, instruments)
    this.registered = { callback, instruments }
  }
}
