/** Some values between two edges; `low` = `high` for a single value. */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly count: number
}

/**
 * A percentile of values that are only known by the intervals they lie in, as if they were spread evenly within each.
 * Intervals may overlap: series with different buckets are put together so.
 * @param percent 0 to 100
 * @param least, most what is known of the smallest and largest value
 * @returns null without values
 */
export function percentileOf(
  intervals: readonly Interval[],
  percent: number,
  least = -Infinity,
  most = Infinity,
): number | null {
  const filled = intervals.filter((interval) => interval.count > 0)
  const total = filled.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return null
  const wanted = (percent / 100) * total
  let low = Math.min(...filled.map((interval) => interval.low))
  let high = Math.max(...filled.map((interval) => interval.high))
  // The count below x only grows with x, so that halving finds the least x with enough below it.
  for (let round = 0; round < 200; round++) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (countBelow(filled, middle) >= wanted) high = middle
    else low = middle
  }
  const value = countBelow(filled, low) >= wanted ? low : high
  return Math.min(most, Math.max(least, value))
}

function countBelow(intervals: readonly Interval[], x: number): number {
  let below = 0
  for (const { low, high, count } of intervals) {
    if (x >= high) below += count
    else if (x > low) below += (count * (x - low)) / (high - low)
  }
  return below
}

/**
 * Buckets of an explicit histogram; bucket i holds bounds[i-1] < v <= bounds[i]. The first and the last have one open
 * end: the known extremes stand there, else 0 (when all bounds are above it) and the last bound.
 */
export function explicitIntervals(
  bounds: readonly number[],
  counts: readonly number[],
  least: number | undefined,
  most: number | undefined,
): Interval[] {
  const first = bounds[0]
  const last = bounds.at(-1)
  if (first === undefined || last === undefined) {
    // A histogram without bounds has one bucket for everything.
    const low = least ?? most
    const high = most ?? least
    return low === undefined || high === undefined ? [] : [{ low, high, count: counts[0] ?? 0 }]
  }
  return counts.map((count, index) => {
    const low = index === 0 ? Math.min(least ?? Math.min(first, 0), first) : bounds[index - 1]!
    const high = index === bounds.length ? Math.max(most ?? last, last) : bounds[index]!
    return { low, high, count }
  })
}

/** Buckets of an exponential histogram: index i holds base^i < |v| <= base^(i+1) with base = 2^(2^-scale). */
export function exponentialIntervals(
  scale: number,
  buckets: readonly (readonly [number, number])[],
  sign: 1 | -1,
): Interval[] {
  const edge = (index: number) => 2 ** (index * 2 ** -scale)
  return buckets.map(([index, count]) =>
    sign === 1
      ? { low: edge(index), high: edge(index + 1), count }
      : { low: -edge(index + 1), high: -edge(index), count },
  )
}
