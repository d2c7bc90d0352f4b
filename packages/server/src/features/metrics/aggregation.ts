import type { MetricKind } from './series.ts'

/** `p99.9` -> 99.9; undefined for what is not a percentile. */
export function percentOf(aggregation: string): number | undefined {
  return /^p\d/.test(aggregation) ? Number(aggregation.slice(1)) : undefined
}

/** What is shown of a metric when nobody says. */
export function defaultAggregation({ type, monotonic }: MetricKind): string {
  if (type === 'gauge') return 'avg'
  if (type === 'sum') return monotonic ? 'rate' : 'last'
  return 'p95'
}
