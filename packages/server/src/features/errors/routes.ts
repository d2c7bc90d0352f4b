import {
  errorGroupParams,
  errorGroupQuery,
  errorGroupResponse,
  errorGroupsQuery,
  errorGroupsResponse,
} from '@burstlet/contract/error-groups'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { cachedResponse } from '../../querying/context/cached-response.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { decodeCursor, encodeCursor } from '../../querying/time/cursor.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { readErrorGroup, readErrorGroups } from './groups.ts'

export async function errorGroupsRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/errors',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listErrorGroups',
        tags: ['errors'],
        summary: 'Errors of one cause together',
        description:
          'Failed spans, spans with an exception and log records with exception.* attributes, grouped by service, type, shape of the message and top frames of the stack.',
        querystring: errorGroupsQuery,
        response: { 200: errorGroupsResponse },
      },
    },
    async (request, reply) => {
      const { from, to, limit, cursor, ...question } = request.query
      const skip = Number(decodeCursor(cursor, /^\d{1,6}$/)?.[1] ?? 0)
      const context = queryContextOf(options, request, reply)
      const range = resolveRange({ from, to })
      const groups = await cachedResponse(context, range, ['spans', 'logs'], ['errors', question], () =>
        readErrorGroups(context, range, question),
      )
      const next = skip + limit
      return {
        items: groups.slice(skip, next),
        nextCursor: next < groups.length ? encodeCursor(['0', String(next)]) : null,
      }
    },
  )

  app.get(
    '/errors/:group',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getErrorGroup',
        tags: ['errors'],
        summary: 'One group of errors: over time, with samples and the stack of the newest',
        params: errorGroupParams,
        querystring: errorGroupQuery,
        response: { 200: errorGroupResponse },
      },
    },
    async (request, reply) => {
      const { group } = request.params
      const context = queryContextOf(options, request, reply)
      const range = resolveRange(request.query)
      const answer = await cachedResponse(context, range, ['spans', 'logs'], ['error', group], () =>
        readErrorGroup(context, range, group),
      )
      if (!answer) throw new ApiError('NOT_FOUND', `There is no error group ${group} in this time.`)
      return answer
    },
  )
}
