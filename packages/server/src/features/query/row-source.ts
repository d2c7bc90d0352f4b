import type { Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'

/** The SQL of the rows of one question about spans or logs, which come from their tables or from a rollup. */
export interface RowSource {
  /** For `meta.source`. */
  name(range: TimeRange): string
  /** SELECT of rows: `at` (epoch ms, Int64), the keys `k0…` (String), and what `values` compute from. */
  rows(range: TimeRange): string
  /** Aggregates over those rows, in the order of the question's. */
  readonly values: readonly RowValue[]
}

export interface RowValue {
  readonly sql: string
  /** `sql` counts; the value is per second. */
  readonly perSecond?: true
  /** Of a time without rows. */
  readonly empty: 0 | null
  readonly unit?: string
  readonly approximate?: true
}

/** Makes the source of one statement, whose values go into `parameters`. */
export type SourceOf = (parameters: Parameters) => RowSource
