import type { OwnFields } from './row-fields.ts'

/** Fields of a series as {@link metricSignal} of the filters has them. */
export const metricFields: OwnFields = {
  table: 'metric_series',
  text(name) {
    if (name === 'unit') return 'toString(metric_series.unit)'
    return ['name', 'metric', 'metric.name'].includes(name) ? 'toString(metric_series.name)' : undefined
  },
  number: () => undefined,
  unit: () => undefined,
}
