import type { FastifyReply, FastifyRequest } from 'fastify'
import { defaultRetention, type QueryOptions, type Scope } from './query-options.ts'

/** The scope of a request; its signal aborts when the client goes away before the answer. */
export function scopeOf(options: QueryOptions, request: FastifyRequest, reply: FastifyReply): Scope {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return {
    reader: options.reader,
    retention: options.retention ?? defaultRetention,
    space: spaceOf(request),
    signal: controller.signal,
    ...(options.sourceMaps && { sourceMaps: options.sourceMaps }),
  }
}

/** Tenant of the caller. */
export function spaceOf(request: FastifyRequest): string {
  const { space } = request as FastifyRequest & { space?: unknown }
  return typeof space === 'string' && space !== '' ? space : 'default'
}
