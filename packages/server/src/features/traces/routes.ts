import {
  compareBody,
  compareResponse,
  traceParams,
  traceQuery,
  traceResponse,
  tracesQuery,
  tracesResponse,
  traceTreeQuery,
  traceTreeResponse,
} from '@burstlet/contract/traces'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { tracesData } from '../../http/openapi/otlp-data.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { cachedResponse } from '../../querying/context/cached-response.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { decodeCursor } from '../../querying/time/cursor.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { compareSpans } from './compare.ts'
import { exportTrace } from './export-otlp.ts'
import { searchTraces } from './search.ts'
import { readTrace } from './trace.ts'
import { readTree } from './tree-response.ts'

export async function tracesRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/traces',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'searchTraces',
        tags: ['traces'],
        summary: 'Search traces, newest first',
        description:
          'A trace is found when one of its spans has this service, operation, status and filter together. It stands where its first such span starts. Durations are of the whole trace.',
        querystring: tracesQuery,
        response: { 200: tracesResponse },
      },
    },
    async (request, reply) => {
      const { from, to, limit, cursor, ...search } = request.query
      const context = queryContextOf(options, request, reply)
      const range = resolveRange({ from, to })
      const after = decodeCursor(cursor, /^(?:[0-9a-f]{32}|g)$/)
      return cachedResponse(context, range, ['spans'], ['traces', search, limit, after], () =>
        searchTraces(context, search, range, limit, after),
      )
    },
  )

  app.get(
    '/traces/:traceId',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getTrace',
        tags: ['traces'],
        summary: 'The spans of a trace',
        params: traceParams,
        querystring: traceQuery,
        response: { 200: traceResponse.or(tracesData) },
      },
    },
    async (request, reply) => {
      const { limit, cursor, format } = request.query
      const { traceId } = request.params
      const context = queryContextOf(options, request, reply)
      const trace =
        format === 'otlp'
          ? await exportTrace(context, traceId)
          : await readTrace(context, traceId, limit, decodeCursor(cursor, /^[0-9a-f]{16}$/))
      if (!trace) throw new ApiError('NOT_FOUND', `There is no trace ${traceId}.`)
      return trace
    },
  )

  app.get(
    '/traces/:traceId/tree',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getTraceTree',
        tags: ['traces'],
        summary: 'A page of the tree of a trace, with self times and the critical path',
        description: 'For traces of any size: the tree is asked for page by page, or from a span down.',
        params: traceParams,
        querystring: traceTreeQuery,
        response: { 200: traceTreeResponse },
      },
    },
    async (request, reply) => {
      const { cursor, ...question } = request.query
      const { traceId } = request.params
      const skip = Number(decodeCursor(cursor, /^\d{1,6}$/)?.[1] ?? 0)
      const tree = await readTree(queryContextOf(options, request, reply), traceId, { ...question, skip })
      if (!tree) throw new ApiError('NOT_FOUND', `There is no such trace, or no such span in it.`)
      return tree
    },
  )

  app.post(
    '/traces/compare',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'compareSpans',
        tags: ['traces'],
        summary: 'Which attributes set slow or failed spans apart from the rest',
        body: compareBody,
        response: { 200: compareResponse },
      },
    },
    async (request, reply) => {
      const context = queryContextOf(options, request, reply)
      const { from, to, ...question } = request.body
      const range = resolveRange({ from, to })
      return cachedResponse(context, range, ['spans'], ['compare', question], () =>
        compareSpans(context, range, request.body),
      )
    },
  )
}
