import type { Point } from '@burstlet/contract/common'
import type { RedSeries } from '@burstlet/contract/services'
import {
  bucketsOf,
  coveredSeconds,
  rangeSeconds,
  type TimeRange,
  wholeMinutes,
} from '../../querying/time/time-range.ts'
import { type Durations, percentile } from './percentile.ts'

/** Rate, errors and durations of some requests, as the rollups keep them. Counts are weighted by sampling. */
export interface RedRow extends Durations {
  readonly requests: number
  readonly failed: number
  readonly totalUs: number
}

/** Select list of a {@link RedRow}; the table is named, since the columns of the rollups share names with functions' results. */
export function redColumns(table: 'red_1m' | 'red_service_1m'): string {
  return `sum(${table}.count) AS requests, sum(${table}.errors) AS failed, sum(${table}.duration_us) AS totalUs,
  max(${table}.max_us) AS maxUs, sumMap(${table}.histogram) AS durations`
}

/** Epoch ms of the bucket that a minute lies in; the parameter `step` is in seconds. */
export const minuteBucket = 'intDiv(toUnixTimestamp64Second(minute), {step:Int64}) * {step:Int64} * 1000'

const none: RedRow = { requests: 0, failed: 0, totalUs: 0, maxUs: '0', durations: [] }

/** Seconds that the counts of a range are over. */
export function redSeconds(range: TimeRange): number {
  const counted = wholeMinutes(range)
  return coveredSeconds(counted.from, rangeSeconds(counted), counted)
}

/** @param seconds that the row covers */
export function redFigures(row: RedRow = none, seconds: number) {
  return {
    requests: row.requests,
    requestRate: row.requests / seconds,
    errors: row.failed,
    errorRate: row.requests > 0 ? row.failed / row.requests : 0,
    p50: percentile(row, 50),
    p95: percentile(row, 95),
    p99: percentile(row, 99),
  }
}

/** ms; null without requests. */
export function averageMs(row: RedRow): number | null {
  return row.requests > 0 ? row.totalUs / row.requests / 1000 : null
}

export function maxMs(row: RedRow): number | null {
  return row.requests > 0 ? Number(row.maxUs) / 1000 : null
}

/** One point a bucket; rates of a bucket without requests are 0, its percentiles null. */
export function redSeries(
  rows: readonly (RedRow & { readonly bucket: string })[],
  range: TimeRange,
  intervalSeconds: number,
): RedSeries {
  const byBucket = new Map(rows.map((row) => [Number(row.bucket), row]))
  const counted = wholeMinutes(range)
  const figures = bucketsOf(range, intervalSeconds).map(
    (at) => [at, redFigures(byBucket.get(at), coveredSeconds(at, intervalSeconds, counted))] as const,
  )
  const series = (name: keyof RedSeries) => figures.map(([at, figure]): Point => [at, figure[name]])
  return {
    requestRate: series('requestRate'),
    errorRate: series('errorRate'),
    p50: series('p50'),
    p95: series('p95'),
    p99: series('p99'),
  }
}
