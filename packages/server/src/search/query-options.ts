import type { ClickhouseReader } from '../clickhouse/reader.ts'
import type { RetentionDays } from '../clickhouse/retention.ts'

/** What every query feature is registered with. */
export interface QueryOptions {
  readonly reader: ClickhouseReader
  /**
   * Days that are kept. Rows past it may linger until their partition is dropped, so every query leaves them out.
   * By default what a fresh installation keeps.
   */
  readonly retention?: RetentionDays
}

export const defaultRetention: RetentionDays = { traces: 7, logs: 7, metrics: 30 }

/** Who asks: the tenant, and the signal that ends the query when the client goes away. */
export interface Scope {
  readonly reader: ClickhouseReader
  readonly retention: RetentionDays
  readonly space: string
  readonly signal: AbortSignal
}
