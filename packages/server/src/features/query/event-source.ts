import type { TimeRange } from '../../querying/time/time-range.ts'

/** Where the rows of one question about spans or logs come from, raw or from a rollup. */
export interface EventSource {
  /** For `meta.source`. */
  name(range: TimeRange): string
  /** SELECT of rows: `at` (epoch ms, Int64), the keys `k0…` (String), and what `values` compute from. */
  rows(range: TimeRange): string
  /** Aggregates over those rows, in the order of the question's. */
  readonly values: readonly EventValue[]
}

export interface EventValue {
  readonly sql: string
  /** `sql` counts; the value is per second. */
  readonly perSecond?: true
  /** Of a time without rows. */
  readonly empty: 0 | null
  readonly unit?: string
  readonly approximate?: true
}

/** ms */
export function keysOf(groupBy: readonly string[]): string[] {
  return groupBy.map((_, index) => `k${index}`)
}
