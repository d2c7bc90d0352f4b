/** The bucket of a span's duration (ns) in the histograms of the rollups, in SQL: eight for each doubling from a microsecond on. */
export const durationBucket = 'toUInt16(floor(log2(greatest(duration, 1000) / 1000.) * 8))'

/** The geometric middle of a bucket, µs: at most 4.4 % from any duration in it. */
export function middleOfBucket(bucket: number): number {
  return 2 ** ((bucket + 0.5) / 8)
}

/** The same in SQL. @param bucket an expression */
export function middleOfBucketSql(bucket: string): string {
  return `exp2((${bucket} + 0.5) / 8)`
}
