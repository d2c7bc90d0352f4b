import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
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
    reader: guard ? admittedReader(reader, guard.heavy, askerOf(request)) : reader,
    retention,
    space,
    signal: controller.signal,
    ...(guard && { cache: guard.cache.forRequest(space) }),
    ...(options.sourceMaps && { sourceMaps: options.sourceMaps }),
  }
}

/** Who asks, as far as turns are concerned: a key, a session, or else an address. */
export function askerOf(request: FastifyRequest): string {
  const { authorization, cookie } = request.headers
  const who = authorization ?? cookie ?? request.ip
  return createHash('sha256').update(who).digest('base64')
}

/** Tenant of the caller. */
export function spaceOf(request: FastifyRequest): string {
  const { space } = request as FastifyRequest & { space?: unknown }
  return typeof space === 'string' && space !== '' ? space : 'default'
}
