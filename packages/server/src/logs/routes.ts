import { logsAnswer, logsHistogramAnswer, logsHistogramQuery, logsQuery } from '@burstlet/contract/logs'
import type { FastifyInstance } from 'fastify'
import { logsData } from '../openapi/otlp-data.ts'
import { zodRoutes } from '../openapi/zod-routes.ts'
import { exportLogs } from '../otlp-export/logs.ts'
import { decodeCursor } from '../search/cursor.ts'
import type { QueryOptions } from '../search/query-options.ts'
import { scopeOf } from '../search/request-scope.ts'
import { resolveRange } from '../search/time-range.ts'
import { countLogs } from './histogram.ts'
import { searchLogs } from './search.ts'

export async function logsRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/logs',
    {
      schema: {
        operationId: 'searchLogs',
        tags: ['logs'],
        summary: 'Search log records, newest first',
        description:
          'A search finds records that have all its words and contain its text, in any case. When there is none, parts of words are searched.',
        querystring: logsQuery,
        response: { 200: logsAnswer.or(logsData) },
      },
    },
    async (request, reply) => {
      const { from, to, limit, cursor, format, ...search } = request.query
      const scope = scopeOf(options, request, reply)
      const range = resolveRange({ from, to })
      const after = decodeCursor(cursor, /^p?\d{1,20}$/)
      if (format === 'json') return searchLogs(scope, search, range, limit, after)
      const { data, nextCursor } = await exportLogs(scope, search, range, limit, after)
      // LogsData has no room for a cursor.
      if (nextCursor !== null) reply.header('x-next-cursor', nextCursor)
      return data
    },
  )

  app.get(
    '/logs/histogram',
    {
      schema: {
        operationId: 'countLogs',
        tags: ['logs'],
        summary: 'Count log records per level and bucket of time',
        querystring: logsHistogramQuery,
        response: { 200: logsHistogramAnswer },
      },
    },
    async (request, reply) => {
      const { from, to, interval, ...search } = request.query
      return countLogs(scopeOf(options, request, reply), search, resolveRange({ from, to }), interval)
    },
  )
}
