import type { ClickhouseReader } from '../clickhouse/reader.ts'
import { HeavyQueries } from './heavy-queries.ts'
import { LateArrivals } from './late-arrivals.ts'
import { QueryCache } from './query-cache.ts'

/** What bounds the questions of a server: turns for heavy statements, and answers that are known. */
export class QueryGuard {
  readonly heavy: HeavyQueries
  readonly cache: QueryCache

  /** @param reader asks what arrives late; without one, nothing does */
  constructor(heavy = new HeavyQueries(), reader?: ClickhouseReader) {
    this.heavy = heavy
    this.cache = new QueryCache(reader && new LateArrivals(reader))
  }
}
