import type { FastifyReply, FastifyRequest } from 'fastify'
import { principalOf } from '../../access/principal.ts'
import { defaultRetention } from '../../config/settings/retention.ts'
import { admittedReader } from '../admission/admitted-reader.ts'
import type { QueryContext, QueryOptions } from './query-context.ts'

/**
 * The scope of a request. Its signal aborts when the client goes away before the answer; its heavy statements take turns
 * with those of others.
 */
export function queryContextOf(options: QueryOptions, request: FastifyRequest, reply: FastifyReply): QueryContext {
  const { reader, retention = defaultRetention, guard } = options
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  const space = spaceOf(request)
  return {
    reader: guard ? admittedReader(reader, guard.heavy, principalOf(request).id) : reader,
    retention,
    space,
    signal: controller.signal,
    ...(guard && { cache: guard.cache.forRequest(space) }),
    ...(options.sourceMaps && { sourceMaps: options.sourceMaps }),
  }
}

/** Tenant of the caller. */
export function spaceOf(request: FastifyRequest): string {
  return principalOf(request).space
}
