import { HeavyQueries } from './heavy-queries.ts'
import { QueryCache } from './query-cache.ts'

/** What bounds the questions of a server: turns for heavy statements, and answers that are known. */
export class QueryGuard {
  readonly heavy: HeavyQueries
  readonly cache = new QueryCache()

  constructor(heavy = new HeavyQueries()) {
    this.heavy = heavy
  }
}
