import type { ClickhouseReader } from '../../storage/clickhouse/reader.ts'
import type { RetentionDays } from '../../storage/clickhouse/retention.ts'
import type { RequestCache } from '../cache/response-cache.ts'
import type { QueryGuard } from './query-guard.ts'
import type { StackMaps } from './stack-maps.ts'

/** What every query feature is registered with. */
export interface QueryOptions {
  readonly reader: ClickhouseReader
  /**
   * Days that are kept. Rows past it may linger until their partition is dropped, so every query leaves them out.
   * By default what a fresh installation keeps.
   */
  readonly retention?: RetentionDays
  /** Turns for heavy statements, and a short cache; neither when unset. */
  readonly guard?: QueryGuard
  /** What stacks are mapped by; they stay as they were sent when unset. */
  readonly sourceMaps?: StackMaps
}

/** Who asks: the tenant, and the signal that ends the query when the client goes away. */
export interface QueryContext {
  readonly reader: ClickhouseReader
  readonly retention: RetentionDays
  readonly space: string
  readonly signal: AbortSignal
  /** Where answers about closed times are kept for a moment; nothing is kept when unset. */
  readonly cache?: RequestCache
  readonly sourceMaps?: StackMaps
}
