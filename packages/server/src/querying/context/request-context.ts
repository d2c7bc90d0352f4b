import type { FastifyReply, FastifyRequest } from 'fastify'
import { principalOf } from '../../access/principal.ts'
import { defaultRetention } from '../../config/settings/retention.ts'
import { readerOf } from '../../storage/clickhouse/reader.ts'
import { admittedReader } from '../admission/admitted-reader.ts'
import type { QueryContext, QueryOptions } from './query-context.ts'

/**
 * The query context of a request, which reads the rows of its space. Its signal aborts when the client goes away before the answer;
 * its heavy statements take turns with those of others.
 */
export function queryContextOf(options: QueryOptions, request: FastifyRequest, reply: FastifyReply): QueryContext {
  const { reader, retention = defaultRetention, guard } = options
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  const space = spaceOf(request)
  const ownReader = readerOf(reader, space)
  return {
    reader: guard ? admittedReader(ownReader, guard.heavy, principalOf(request).id) : ownReader,
    retention,
    space,
    signal: controller.signal,
    ...(guard && { cache: guard.cache.forRequest(space) }),
    ...(options.sourceMaps && { sourceMaps: options.sourceMaps }),
  }
}

/** Tenant of the caller. It is never assumed. @throws Error, a fault of the server, when nobody is known to ask */
export function spaceOf(request: FastifyRequest): string {
  return principalOf(request).space
}
