import type {
  Buckets,
  Distribution,
  Exemplar,
  ExponentialHistogramDataPoint,
  HistogramDataPoint,
  NumberDataPoint,
  SummaryDataPoint,
} from '../otlp-json.ts'
import type {
  ExemplarRow,
  ExponentialHistogramPointRow,
  HistogramPointRow,
  NumberPointRow,
  PointRow,
  SeriesRow,
  SummaryPointRow,
} from '../rows.ts'
import { attributes, attributesOfText, compact, double, filled, given, givenDouble, id } from './fields.ts'

const valueDouble = 1
const valueInt = 2
const hasSum = 1
const hasMin = 2
const hasMax = 4

export function numberPoint(
  row: NumberPointRow,
  series: SeriesRow,
  exemplars: Exemplar[] | undefined,
): NumberDataPoint {
  return compact<NumberDataPoint>({ ...common(row, series), ...value(row), exemplars })
}

export function histogramPoint(
  row: HistogramPointRow,
  series: SeriesRow,
  exemplars: Exemplar[] | undefined,
): HistogramDataPoint {
  return compact<HistogramDataPoint>({
    ...common(row, series),
    ...distribution(row),
    bucketCounts: filled([...row.buckets]),
    explicitBounds: filled(series.bounds.map(double)),
    exemplars,
  })
}

export function exponentialHistogramPoint(
  row: ExponentialHistogramPointRow,
  series: SeriesRow,
  exemplars: Exemplar[] | undefined,
): ExponentialHistogramDataPoint {
  return compact<ExponentialHistogramDataPoint>({
    ...common(row, series),
    ...distribution(row),
    scale: given(row.scale),
    zeroCount: given(row.zero_count),
    zeroThreshold: givenDouble(row.zero_threshold),
    positive: buckets(row.positive_offset, row.positive),
    negative: buckets(row.negative_offset, row.negative),
    exemplars,
  })
}

export function summaryPoint(row: SummaryPointRow, series: SeriesRow): SummaryDataPoint {
  return compact<SummaryDataPoint>({
    ...common(row, series),
    count: given(row.count),
    sum: givenDouble(row.sum),
    quantileValues: filled(
      row.quantiles.map((quantile, i) => ({ quantile: double(quantile), value: double(row.quantile_values[i]!) })),
    ),
  })
}

export function exemplar(row: ExemplarRow): Exemplar {
  return compact<Exemplar>({
    filteredAttributes: attributesOfText(row.attributes),
    timeUnixNano: given(row.timeNano),
    ...value(row),
    spanId: id(row.spanId),
    traceId: id(row.traceId),
  })
}

function common(row: PointRow, series: SeriesRow) {
  return {
    attributes: attributes(series),
    startTimeUnixNano: given(row.startNano),
    timeUnixNano: given(row.timeNano),
    flags: given(row.flags),
  }
}

function value(row: NumberPointRow | ExemplarRow): Pick<NumberDataPoint, 'asDouble' | 'asInt'> {
  if (row.value_type === valueDouble) return { asDouble: double(row.value_double) }
  return row.value_type === valueInt ? { asInt: row.value_int } : {}
}

function distribution(row: HistogramPointRow | ExponentialHistogramPointRow): Distribution {
  return compact<Distribution>({
    count: given(row.count),
    sum: (row.has & hasSum) === 0 ? undefined : double(row.sum),
    min: (row.has & hasMin) === 0 ? undefined : double(row.min),
    max: (row.has & hasMax) === 0 ? undefined : double(row.max),
  })
}

function buckets(offset: number, counts: readonly string[]): Buckets | undefined {
  if (offset === 0 && counts.length === 0) return undefined
  return compact<Buckets>({ offset: given(offset), bucketCounts: filled([...counts]) })
}
