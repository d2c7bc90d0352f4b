import type { ClickhouseReader } from '../../storage/clickhouse/reader.ts'
import { HeavyQueries } from '../admission/heavy-queries.ts'
import { LateArrivals } from '../cache/late-arrivals.ts'
import { ResponseCache } from '../cache/response-cache.ts'

/** What bounds the questions of a server: turns for heavy statements, and answers that are known. */
export class QueryGuard {
  readonly heavy: HeavyQueries
  readonly cache: ResponseCache

  /** @param reader asks what arrives late; without one, nothing does */
  constructor(heavy = new HeavyQueries(), reader?: ClickhouseReader) {
    this.heavy = heavy
    this.cache = new ResponseCache(reader && new LateArrivals(reader))
  }
}
