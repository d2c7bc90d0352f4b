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
import type { QueryContext } from '../../querying/context/query-context.ts'
import { readSenderRows } from '../../querying/context/sender-rows.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { QueryLimitError } from '../../storage/clickhouse/reader.ts'
import { type KindChoice, readMetricKinds } from './kinds.ts'
import { type MetricKind, type SeriesSelection, seriesQuery } from './series.ts'

const maxRows = 100_000

/** `of` is the kind of series; all when undefined. */
type Selected = SeriesSelection & { readonly of: MetricKind | undefined }

/**
 * The points of a metric in the range as they were sent, whatever their kinds unless one is asked for, with their exemplars.
 * @throws QueryLimitError when a type has more than 100,000 points
 */
export async function exportMetric(
  context: QueryContext,
  { kind, unit, ...question }: SeriesSelection & KindChoice,
  range: TimeRange,
): Promise<MetricsData> {
  const isChosen = kind !== undefined || unit !== undefined
  const of = isChosen ? (await readMetricKinds(context, question, range, { kind, unit })).chosen : undefined
  if (isChosen && !of) return { resourceMetrics: [] }
  const selection = { ...question, of }
  const points = <Row>(select: string, table: string, time = 'time') =>
    readPoints<Row>(context, selection, range, select, table, time)
  const [series, samples, histograms, exponentialHistograms, summaries, exemplars] = await Promise.all([
    readSeries(context, selection),
    points<NumberPointRow>(sampleSelect, 'metric_samples'),
    points<HistogramPointRow>(histogramSelect, 'metric_histograms'),
    points<ExponentialHistogramPointRow>(exponentialHistogramSelect, 'metric_exponential_histograms'),
    points<SummaryPointRow>(summarySelect, 'metric_summaries'),
    points<ExemplarRow>(exemplarSelect, 'metric_exemplars', 'point_time'),
  ])
  const { resources, scopes } = await readSenderRows(context, series)
  return metricsData(series, { samples, histograms, exponentialHistograms, summaries, exemplars }, resources, scopes)
}

function readSeries(context: QueryContext, selection: Selected): Promise<SeriesRow[]> {
  const parameters = new Parameters()
  const chosen = seriesQuery(selection, selection.of, context, parameters)
  return context.reader.query<SeriesRow>({
    sql: `
SELECT ${seriesSelect} FROM metric_series
WHERE name = ${parameters.value('String', selection.name)}
  AND received >= now() - toIntervalDay(${parameters.value('UInt32', context.retention.metrics)})
  AND fingerprint IN (SELECT fingerprint FROM ${chosen})
LIMIT 1 BY fingerprint`,
    params: parameters.params,
    signal: context.signal,
  })
}

async function readPoints<Row>(
  context: QueryContext,
  selection: Selected,
  range: TimeRange,
  select: string,
  table: string,
  time: string,
): Promise<Row[]> {
  const parameters = new Parameters()
  const chosen = seriesQuery(selection, selection.of, context, parameters)
  const rows = await context.reader.query<Row>({
    sql: `
SELECT ${select} FROM ${table}
WHERE name = ${parameters.value('String', selection.name)}
  AND received >= now() - toIntervalDay(${parameters.value('UInt32', context.retention.metrics)})
  AND fingerprint IN (SELECT fingerprint FROM ${chosen})
  AND ${table}.${time} >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})
  AND ${table}.${time} < fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.to))})
LIMIT ${maxRows + 1}`,
    params: parameters.params,
    signal: context.signal,
  })
  if (rows.length > maxRows) {
    throw new QueryLimitError(`The metric has more than ${maxRows} points in this time; choose a shorter range.`)
  }
  return rows
}
