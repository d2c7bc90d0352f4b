import { middleOfBucket, middleOfBucketSql } from '../../background/rollups/duration-buckets.ts'

/** The durations of some requests. */
export interface Durations {
  readonly maxUs: string
  /** In no order; see `durationBucket`. Counts are weighted by sampling. */
  readonly durations: readonly (readonly [bucket: number, count: number])[]
}

// Weights are floats, so that the last sum may fall short of the total by a rounding.
const rounding = 1e-9

/**
 * A percentile of the durations in ms by nearest rank, off by at most 4.4 % (half a bucket); null without requests.
 * @param percent 0 to 100
 */
export function percentile(row: Durations, percent: number): number | null {
  const buckets = row.durations.filter(([, count]) => count > 0).sort(([a], [b]) => a - b)
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  if (total <= 0) return null
  let seen = 0
  for (const [bucket, count] of buckets) {
    seen += count
    if (seen >= (percent / 100 - rounding) * total) return Math.min(middleOfBucket(bucket), Number(row.maxUs)) / 1000
  }
  return Number(row.maxUs) / 1000
}

/**
 * The same in SQL, for who does not want the histograms of thousands of rows. There has to be a request.
 * @param histogram a Map of bucket to count
 * @param level 0 to 1
 * @param maxUs the longest duration, µs
 */
export function percentileSql(histogram: string, level: string, maxUs: string): string {
  const counts = `mapValues(${histogram})`
  const enough = `(${level} - ${rounding}) * arraySum(${counts})`
  const bucket = `mapKeys(${histogram})[arrayFirstIndex(seen -> seen >= ${enough}, arrayCumSum(${counts}))]`
  return `least(${middleOfBucketSql(bucket)}, toFloat64(${maxUs})) / 1000`
}
