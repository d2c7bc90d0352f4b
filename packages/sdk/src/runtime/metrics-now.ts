import type { HrTime } from '@opentelemetry/api'
import { millisToHrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { MeterProvider, MetricData, MetricReader, ResourceMetrics, ScopeMetrics } from '@opentelemetry/sdk-metrics'

// What a meter provider holds inside, @opentelemetry/sdk-metrics 3.0. A test of process.exit proves that it still does.
interface Inside {
  _sharedState?: SharedState
}
interface SharedState {
  resource: Resource
  metricCollectors: Collector[]
  meterSharedStates: Map<string, MeterState>
}
interface Collector {
  _metricReader: MetricReader
}
interface MeterState {
  _instrumentationScope: ScopeMetrics['scope']
  metricStorageRegistry: { getStorages(collector: Collector): Storage[] }
}
interface Storage {
  getInstrumentDescriptor(): { type: string }
  collect(collector: Collector, time: HrTime): MetricData | undefined
}

/**
 * Collects for a reader at once. OpenTelemetry's own collection waits for whoever observes values, and at the end of a process
 * there is nothing left to wait with; so observed values stay as the last collection had them, and are left out.
 */
export function collectNow(provider: MeterProvider, reader: MetricReader): ResourceMetrics | undefined {
  const state = (provider as unknown as Inside)._sharedState
  const collector = state?.metricCollectors.find((candidate) => candidate._metricReader === reader)
  if (state === undefined || collector === undefined) return undefined
  const now = millisToHrTime(Date.now())
  const scopeMetrics = [...state.meterSharedStates.values()].flatMap((meter) => {
    const metrics = meter.metricStorageRegistry
      .getStorages(collector)
      .filter((storage) => !storage.getInstrumentDescriptor().type.startsWith('OBSERVABLE'))
      .flatMap((storage) => storage.collect(collector, now) ?? [])
    return metrics.length === 0 ? [] : [{ scope: meter._instrumentationScope, metrics }]
  })
  return scopeMetrics.length === 0 ? undefined : { resource: state.resource, scopeMetrics }
}
