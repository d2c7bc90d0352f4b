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
  const value = valueAt(filled, (percent / 100) * total)
  return Math.min(most, Math.max(least, value))
}

/** The least x with `wanted` values up to it. Between two neighbouring edges the count grows evenly. */
function valueAt(intervals: readonly Interval[], wanted: number): number {
  const edges = [...new Set(intervals.flatMap(({ low, high }) => [low, high]))].sort((a, b) => a - b)
  // A sum of shares may miss the total by a rounding.
  const enough = wanted * (1 - 1e-12)
  const place = firstPlace(edges.length, (index) => countUpTo(intervals, edges[index]!) >= enough)
  const edge = edges[place] ?? edges.at(-1)!
  if (place === 0 || place === edges.length) return edge
  const before = edges[place - 1]!
  const below = countUpTo(intervals, before)
  const spread = countBelow(intervals, edge) - below
  if (below + spread < enough) return edge
  return before + Math.min(1, (wanted - below) / spread) * (edge - before)
}

/** The first of `count` places where `holds`, which holds from there on; `count` when it never does. */
function firstPlace(count: number, holds: (place: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function countUpTo(intervals: readonly Interval[], x: number): number {
  const here = intervals.filter(({ low, high }) => low === high && low === x)
  return countBelow(intervals, x) + here.reduce((sum, { count }) => sum + count, 0)
}

function countBelow(intervals: readonly Interval[], x: number): number {
  let below = 0
  for (const { low, high, count } of intervals) {
    if (low === high ? x > high : x >= high) below += count
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
