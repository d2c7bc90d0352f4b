import { metricsData } from '@burstlet/otlp/encode'
import type { MetricsData } from '@burstlet/otlp/otlp-json'
import type {
  ExemplarRow,
  ExponentialHistogramPointRow,
  HistogramPointRow,
  NumberPointRow,
  SeriesRow,
  SummaryPointRow,
} from '@burstlet/otlp/rows'
import {
  exemplarSelect,
  exponentialHistogramSelect,
  histogramSelect,
  sampleSelect,
  seriesSelect,
  summarySelect,
} from '@burstlet/otlp/select'
import { QueryLimitError } from '../clickhouse/reader.ts'
import { type SeriesSelection, seriesQuery } from '../metrics/series.ts'
import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { nanoseconds, type TimeRange } from '../search/time-range.ts'
import { readSenderRows } from './senders.ts'

const mostRows = 100_000

/**
 * The points of a metric in the range as they were sent, whatever their types, with their exemplars.
 * @throws QueryLimitError when a type has more than 100,000 points
 */
export async function exportMetric(scope: Scope, selection: SeriesSelection, range: TimeRange): Promise<MetricsData> {
  const points = <Row>(select: string, table: string, time = 'time') =>
    readPoints<Row>(scope, selection, range, select, table, time)
  const [series, samples, histograms, exponentialHistograms, summaries, exemplars] = await Promise.all([
    readSeries(scope, selection),
    points<NumberPointRow>(sampleSelect, 'metric_samples'),
    points<HistogramPointRow>(histogramSelect, 'metric_histograms'),
    points<ExponentialHistogramPointRow>(exponentialHistogramSelect, 'metric_exponential_histograms'),
    points<SummaryPointRow>(summarySelect, 'metric_summaries'),
    points<ExemplarRow>(exemplarSelect, 'metric_exemplars', 'point_time'),
  ])
  const { resources, scopes } = await readSenderRows(scope, series)
  return metricsData(series, { samples, histograms, exponentialHistograms, summaries, exemplars }, resources, scopes)
}

function readSeries(scope: Scope, selection: SeriesSelection): Promise<SeriesRow[]> {
  const parameters = new Parameters()
  const chosen = seriesQuery(selection, undefined, scope, parameters)
  return scope.reader.query<SeriesRow>({
    sql: `
SELECT ${seriesSelect} FROM metric_series
WHERE space = ${parameters.value('String', scope.space)} AND name = ${parameters.value('String', selection.name)}
  AND received >= now() - toIntervalDay(${parameters.value('UInt32', scope.retention.metrics)})
  AND fingerprint IN (SELECT fingerprint FROM ${chosen})
LIMIT 1 BY fingerprint`,
    params: parameters.params,
    signal: scope.signal,
  })
}

async function readPoints<Row>(
  scope: Scope,
  selection: SeriesSelection,
  range: TimeRange,
  select: string,
  table: string,
  time: string,
): Promise<Row[]> {
  const parameters = new Parameters()
  const chosen = seriesQuery(selection, undefined, scope, parameters)
  const rows = await scope.reader.query<Row>({
    sql: `
SELECT ${select} FROM ${table}
WHERE space = ${parameters.value('String', scope.space)} AND name = ${parameters.value('String', selection.name)}
  AND received >= now() - toIntervalDay(${parameters.value('UInt32', scope.retention.metrics)})
  AND fingerprint IN (SELECT fingerprint FROM ${chosen})
  AND ${table}.${time} >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})
  AND ${table}.${time} < fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.to))})
LIMIT ${mostRows + 1}`,
    params: parameters.params,
    signal: scope.signal,
  })
  if (rows.length > mostRows) {
    throw new QueryLimitError(`The metric has more than ${mostRows} points in this time; choose a shorter range.`)
  }
  return rows
}
