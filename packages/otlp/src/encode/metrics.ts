import type { Exemplar, Metric, MetricsData, ScopeMetrics } from '../otlp-json.ts'
import type {
  ExemplarRow,
  ExponentialHistogramPointRow,
  HistogramPointRow,
  NumberPointRow,
  ResourceRow,
  ScopeRow,
  SeriesRow,
  SummaryPointRow,
} from '../rows.ts'
import { attributesOfText, compact, given } from './fields.ts'
import { Grouping } from './grouping.ts'
import { exemplar, exponentialHistogramPoint, histogramPoint, numberPoint, summaryPoint } from './points.ts'

/** The rows of points and exemplars to encode; kinds may be left out. */
export interface PointRows {
  readonly samples?: Iterable<NumberPointRow>
  readonly histograms?: Iterable<HistogramPointRow>
  readonly exponentialHistograms?: Iterable<ExponentialHistogramPointRow>
  readonly summaries?: Iterable<SummaryPointRow>
  readonly exemplars?: Iterable<ExemplarRow>
}

const sum = 2
const histogram = 3
const exponentialHistogram = 4
const summary = 5

/**
 * Points as OTLP/JSON, grouped by resource, scope and metric; all that was sent is in it again. Points whose series is
 * not in `series` are left out: nothing is known of them but a number. `resources` and `scopes` are by hash.
 */
export function metricsData(
  series: Iterable<SeriesRow>,
  points: PointRows,
  resources: ReadonlyMap<string, ResourceRow>,
  scopes: ReadonlyMap<string, ScopeRow>,
): MetricsData {
  const grouping = new Grouping<Metric>(resources, scopes)
  const metrics = new MetricsOfSeries(series, (row, metric) => grouping.add(row, metric))
  const exemplars = exemplarsByPoint(points.exemplars ?? [])
  for (const row of points.samples ?? []) {
    metrics.with(row, (metric, of, key) => {
      const { dataPoints } = (metric.gauge ?? metric.sum)!
      dataPoints.push(numberPoint(row, of, exemplars.get(key)))
    })
  }
  for (const row of points.histograms ?? []) {
    metrics.with(row, (metric, of, key) => {
      metric.histogram!.dataPoints.push(histogramPoint(row, of, exemplars.get(key)))
    })
  }
  for (const row of points.exponentialHistograms ?? []) {
    metrics.with(row, (metric, of, key) => {
      metric.exponentialHistogram!.dataPoints.push(exponentialHistogramPoint(row, of, exemplars.get(key)))
    })
  }
  for (const row of points.summaries ?? []) {
    metrics.with(row, (metric, of) => {
      metric.summary!.dataPoints.push(summaryPoint(row, of))
    })
  }
  return {
    resourceMetrics: [...grouping.groups.values()].map((group) => ({
      ...compact<{ schemaUrl?: string }>({ schemaUrl: group.schemaUrl }),
      resource: group.resource,
      scopeMetrics: [...group.scopes.values()].map(({ scope, schemaUrl, items }) =>
        compact<ScopeMetrics>({ scope, schemaUrl, metrics: items }),
      ),
    })),
  }
}

/** Finds, or makes, the metric that a point belongs to: series that differ in attributes or bounds alone share one. */
class MetricsOfSeries {
  readonly #series = new Map<string, SeriesRow>()
  readonly #metrics = new Map<string, Metric>()
  readonly #onNew: (row: SeriesRow, metric: Metric) => void

  constructor(series: Iterable<SeriesRow>, onNew: (row: SeriesRow, metric: Metric) => void) {
    for (const row of series) this.#series.set(row.fingerprint, row)
    this.#onNew = onNew
  }

  with(
    point: { readonly fingerprint: string; readonly timeNano: string },
    use: (metric: Metric, series: SeriesRow, pointKey: string) => void,
  ): void {
    const series = this.#series.get(point.fingerprint)
    if (series !== undefined) use(this.#metric(series), series, pointKey(point.fingerprint, point.timeNano))
  }

  #metric(row: SeriesRow): Metric {
    const { res_hash, scope_hash, name, type, unit, description, temporality, monotonic, metadata } = row
    const key = [res_hash, scope_hash, name, type, unit, description, temporality, monotonic, metadata].join('\0')
    const known = this.#metrics.get(key)
    if (known !== undefined) return known
    const metric = emptyMetric(row)
    this.#metrics.set(key, metric)
    this.#onNew(row, metric)
    return metric
  }
}

function emptyMetric(row: SeriesRow): Metric {
  const head = compact<Metric>({
    name: given(row.name),
    description: given(row.description),
    unit: given(row.unit),
    metadata: attributesOfText(row.metadata),
  })
  const aggregationTemporality = row.temporality
  switch (row.type) {
    case sum:
      return { ...head, sum: { dataPoints: [], aggregationTemporality, ...(row.monotonic && { isMonotonic: true }) } }
    case histogram:
      return { ...head, histogram: { dataPoints: [], aggregationTemporality } }
    case exponentialHistogram:
      return { ...head, exponentialHistogram: { dataPoints: [], aggregationTemporality } }
    case summary:
      return { ...head, summary: { dataPoints: [] } }
    default:
      return { ...head, gauge: { dataPoints: [] } }
  }
}

function exemplarsByPoint(rows: Iterable<ExemplarRow>): Map<string, Exemplar[]> {
  const byPoint = new Map<string, Exemplar[]>()
  for (const row of rows) {
    const key = pointKey(row.fingerprint, row.pointTimeNano)
    const list = byPoint.get(key)
    if (list === undefined) byPoint.set(key, [exemplar(row)])
    else list.push(exemplar(row))
  }
  return byPoint
}

function pointKey(fingerprint: string, timeNano: string): string {
  return `${fingerprint} ${timeNano}`
}
