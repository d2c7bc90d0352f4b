import { logsData, metricsData, tracesData } from '../../src/encode.ts'
import type {
  ExemplarRow,
  ExponentialHistogramPointRow,
  HistogramPointRow,
  LogRow,
  NumberPointRow,
  ResourceRow,
  ScopeRow,
  SeriesRow,
  SpanRow,
  SummaryPointRow,
} from '../../src/rows.ts'
import {
  exemplarSelect,
  exponentialHistogramSelect,
  histogramSelect,
  logSelect,
  resourceSelect,
  sampleSelect,
  scopeSelect,
  seriesSelect,
  spanSelect,
  summarySelect,
} from '../../src/select.ts'
import type { Engine } from './engine.ts'

/** Everything that a space holds of a signal, read back from the engine as OTLP/JSON. */
export async function stored(engine: Engine, signal: 'traces' | 'logs' | 'metrics', space: string): Promise<object> {
  const rows = <Row>(select: string, table: string) =>
    engine.rows<Row>(`SELECT ${select} FROM ${table} WHERE space = '${space}'`)
  const resources = byHash(await rows<ResourceRow>(resourceSelect, 'resources'))
  const scopes = byHash(await rows<ScopeRow>(scopeSelect, 'scopes'))
  if (signal === 'traces') return tracesData(await rows<SpanRow>(spanSelect, 'spans'), resources, scopes)
  if (signal === 'logs') return logsData(await rows<LogRow>(logSelect, 'logs'), resources, scopes)
  const points = {
    samples: await rows<NumberPointRow>(sampleSelect, 'metric_samples'),
    histograms: await rows<HistogramPointRow>(histogramSelect, 'metric_histograms'),
    exponentialHistograms: await rows<ExponentialHistogramPointRow>(
      exponentialHistogramSelect,
      'metric_exponential_histograms',
    ),
    summaries: await rows<SummaryPointRow>(summarySelect, 'metric_summaries'),
    exemplars: await rows<ExemplarRow>(exemplarSelect, 'metric_exemplars'),
  }
  return metricsData(await rows<SeriesRow>(seriesSelect, 'metric_series'), points, resources, scopes)
}

function byHash<Row extends { readonly hash: string }>(rows: Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.hash, row]))
}
