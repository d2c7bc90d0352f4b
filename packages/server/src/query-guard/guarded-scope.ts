import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { QueryOptions, Scope } from '../search/query-options.ts'
import { scopeOf } from '../search/request-scope.ts'
import { guardedReader } from './guarded-reader.ts'
import { HeavyQueries } from './heavy-queries.ts'
import { QueryCache } from './query-cache.ts'

/** What bounds questions of any shape: turns for heavy ones, and answers that are known. One for a server. */
export class QueryGuard {
  readonly heavy: HeavyQueries
  readonly cache = new QueryCache()

  constructor(heavy = new HeavyQueries()) {
    this.heavy = heavy
  }

  /** The scope of a request, whose heavy statements take turns with those of others. */
  scopeOf(options: QueryOptions, request: FastifyRequest, reply: FastifyReply): Scope {
    const scope = scopeOf(options, request, reply)
    return { ...scope, reader: guardedReader(scope.reader, this.heavy, askerOf(request)), cache: this.cache }
  }
}

/** Who asks, as far as turns are concerned: a key, a session, or else an address. */
function askerOf(request: FastifyRequest): string {
  const { authorization, cookie } = request.headers
  const who = authorization ?? cookie ?? request.ip
  return createHash('sha256').update(who).digest('base64')
}
