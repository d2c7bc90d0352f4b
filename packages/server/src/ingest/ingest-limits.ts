import { maxAttributesByDefault } from '@burstlet/otlp/attribute-limits'
import { maxSeriesByDefault } from '@burstlet/otlp/series-limits'
import type { Config } from '../config/settings.ts'
import type { IngestLimits } from './spool/worker-messages.ts'

/** The limits of what is taken in, as they are set. */
export function ingestLimits(settings: Config['ingest']): IngestLimits {
  return {
    attributes: {
      ...maxAttributesByDefault,
      perRecord: settings.maxAttributes,
      keys: settings.maxAttributeKeys,
      valueBytes: settings.maxAttributeValueBytes,
    },
    series: {
      ...maxSeriesByDefault,
      perMetric: settings.maxSeriesPerMetric,
      perService: settings.maxSeriesPerService,
    },
  }
}
