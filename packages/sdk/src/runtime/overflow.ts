import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'
import { notice } from './notice.ts'

/** The attribute of the one series that OpenTelemetry keeps for all combinations of tags beyond its limit. */
const overflow = 'otel.metric.overflow'

/**
 * Tells once for each metric that it has more combinations of tags than are kept apart. Its total stays right: what is beyond
 * the limit is added up in one series, which has the attribute `otel.metric.overflow`.
 */
export function watchOverflow(exporter: PushMetricExporter): void {
  const told = new Set<string>()
  const original = exporter.export.bind(exporter)
  exporter.export = (collected, done) => {
    for (const { metrics } of collected.scopeMetrics) {
      for (const { descriptor, dataPoints } of metrics) {
        if (told.has(descriptor.name) || !dataPoints.some(({ attributes }) => attributes[overflow] === true)) continue
        told.add(descriptor.name)
        notice(
          `the metric ${descriptor.name} has too many combinations of tags; more than ${dataPoints.length - 1} are added up as one`,
        )
      }
    }
    original(collected, done)
  }
}
