import { maxAttributesByDefault } from '@burstlet/otlp/attribute-limits'
import { maxSeriesByDefault } from '@burstlet/otlp/series-limits'
import type { Config } from '../config/settings.ts'
import type { IngestLimits } from './spool/worker-messages.ts'

/** The limits of what is taken in, as they are set. */
export function ingestLimits(config: Config): IngestLimits {
  return {
    attributes: {
      ...maxAttributesByDefault,
      perRecord: config.MONITORING_MAX_ATTRIBUTES,
      keys: config.MONITORING_MAX_ATTRIBUTE_KEYS,
      valueBytes: config.MONITORING_MAX_ATTRIBUTE_VALUE_BYTES,
    },
    series: {
      ...maxSeriesByDefault,
      perMetric: config.MONITORING_MAX_SERIES_PER_METRIC,
      perService: config.MONITORING_MAX_SERIES_PER_SERVICE,
    },
  }
}
