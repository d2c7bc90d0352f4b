import { type CustomMetric, type CustomMetricsResponse, customMetric } from '@burstlet/contract/own-metrics'
import { parseTime } from '@burstlet/contract/time'
import { ApiError } from '../../http/errors/api-error.ts'
import { nanoseconds } from '../../querying/time/time-range.ts'
import { attributesOf, type Intake, numberValue, type OtlpMetric, store } from './otlp.ts'

const customScope = 'burstlet.custom'

const delta = 1
/** Ten bounds for each power of ten from 0.001 to a million: a percentile is off by 13 % at most, and less between minimum and maximum. */
const bounds = Array.from({ length: 91 }, (_, index) => Number((10 ** (index / 10 - 3)).toPrecision(6)))
const quantiles = [0, 0.5, 0.9, 0.95, 0.99, 1]

/**
 * Stores what is right of a body and tells what is not.
 * @throws ApiError VALIDATION_ERROR when nothing of it is right
 */
export async function storeCustomMetrics(
  intake: Intake,
  space: string,
  body: unknown,
  now = Date.now(),
): Promise<CustomMetricsResponse> {
  const asked = Array.isArray(body) ? body : [body]
  const read = asked.map((each, index) => ({ index, ...customMetric.safeParse(each) }))
  const faults = read.flatMap(({ index, error }) =>
    (error?.issues ?? []).map((issue) => ({ index, path: issue.path.join('.'), message: issue.message })),
  )
  const metrics = read.flatMap(({ data }) => data ?? [])
  if (metrics.length === 0) {
    const errors = faults.map(({ index, path, message }) => ({
      path: [...(Array.isArray(body) ? [String(index)] : []), path].filter((part) => part !== '').join('.'),
      message,
    }))
    throw new ApiError('VALIDATION_ERROR', errors.map(({ path, message }) => `${path}: ${message}`).join('; '), errors)
  }
  const outcome = await store(
    intake,
    space,
    customScope,
    [...Map.groupBy(metrics, ({ service }) => service)].map(([service, own]) => ({
      attributes: { 'service.name': service },
      metrics: own.map((metric) => otlpMetric(metric, now)),
    })),
  )
  const rejected = [...Map.groupBy(faults, ({ index }) => index)].map(([index, own]) => ({
    index,
    message: own.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '),
  }))
  // Over the limit of series: the spool tells how many, not which.
  if (outcome.rejected > 0) rejected.push({ index: -1, message: outcome.message })
  return { accepted: metrics.length - outcome.rejected, rejected }
}

function otlpMetric(metric: CustomMetric, now: number): OtlpMetric {
  const { name, unit, description, tags, timestamp } = metric
  const time = nanoseconds((timestamp === undefined ? undefined : parseTime(timestamp, now)) ?? now)
  const point = { attributes: attributesOf(tags), timeUnixNano: time, startTimeUnixNano: time }
  const head = { name, unit, description }
  switch (metric.type) {
    case 'counter':
      return {
        ...head,
        sum: {
          aggregationTemporality: delta,
          isMonotonic: true,
          dataPoints: [{ ...point, ...numberValue(metric.value) }],
        },
      }
    case 'gauge':
      return { ...head, gauge: { dataPoints: [{ ...point, ...numberValue(metric.value) }] } }
    case 'histogram':
      return {
        ...head,
        histogram: {
          aggregationTemporality: delta,
          dataPoints: [{ ...point, ...distribution([metric.value].flat()) }],
        },
      }
    case 'summary':
      return { ...head, summary: { dataPoints: [{ ...point, ...summary([metric.value].flat()) }] } }
  }
}

function distribution(values: readonly number[]) {
  const bucketCounts = Array.from({ length: bounds.length + 1 }, () => 0)
  for (const value of values) {
    const at = bounds.findIndex((bound) => value <= bound)
    bucketCounts[at === -1 ? bounds.length : at]! += 1
  }
  return {
    count: String(values.length),
    sum: sumOf(values),
    min: Math.min(...values),
    max: Math.max(...values),
    explicitBounds: bounds,
    bucketCounts: bucketCounts.map(String),
  }
}

/** Quantiles by nearest rank. */
function summary(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = (quantile: number) => Math.max(0, Math.ceil(quantile * sorted.length) - 1)
  return {
    count: String(values.length),
    sum: sumOf(values),
    quantileValues: quantiles.map((quantile) => ({ quantile, value: sorted[rank(quantile)]! })),
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
