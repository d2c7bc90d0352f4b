import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { readerOf } from '../../storage/clickhouse/reader.ts'
import { admittedReader } from '../admission/admitted-reader.ts'
import { defaultRetention, type QueryContext, type QueryOptions } from './query-context.ts'

/**
 * The query context of a request, which reads the rows of its space. Its signal aborts when the client goes away before the answer; its heavy statements take turns
 * with those of others.
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
    reader: guard ? admittedReader(ownReader, guard.heavy, askerOf(request)) : ownReader,
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

/**
 * Tenant of the caller. It is never assumed.
 * @throws Error, a fault of the server, when a request that nobody let in asks for what belongs to somebody
 */
export function spaceOf(request: FastifyRequest): string {
  const { space } = request as FastifyRequest & { space?: unknown }
  if (typeof space === 'string' && space !== '') return space
  throw new Error('a request without a space asks for what belongs to one')
}
