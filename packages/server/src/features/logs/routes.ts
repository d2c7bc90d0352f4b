import {
  logsContextQuery,
  logsContextResponse,
  logsFacetsQuery,
  logsFacetsResponse,
  logsHistogramQuery,
  logsHistogramResponse,
  logsPatternsQuery,
  logsPatternsResponse,
  logsQuery,
  logsResponse,
  logsTailEvent,
  logsTailQuery,
} from '@burstlet/contract/logs'
import { fastifySSE } from '@fastify/sse'
import type { FastifyInstance } from 'fastify'
import { principalOf } from '../../access/principal.ts'
import { whilePermitted } from '../../access/while-permitted.ts'
import { ApiError } from '../../http/errors/api-error.ts'
import { logsData } from '../../http/openapi/otlp-data.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { cachedResponse } from '../../querying/context/cached-response.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { decodeCursor } from '../../querying/time/cursor.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { readContext } from './context.ts'
import { exportLogs } from './export-otlp.ts'
import { readFacets } from './facets.ts'
import { countLogs } from './histogram.ts'
import { OpenTails } from './open-tails.ts'
import { readPatterns } from './patterns.ts'
import { searchLogs } from './search.ts'
import { tailLogs } from './tail.ts'

export async function logsRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/logs',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'searchLogs',
        tags: ['logs'],
        summary: 'Search log records, newest first',
        description:
          'A search finds records that have all its words and contain its text, in any case. When there is none, parts of words are searched.',
        querystring: logsQuery,
        response: { 200: logsResponse.or(logsData) },
      },
    },
    async (request, reply) => {
      const { from, to, limit, cursor, format, ...search } = request.query
      const context = queryContextOf(options, request, reply)
      const range = resolveRange({ from, to })
      const after = decodeCursor(cursor, /^p?(?:0|[1-9]\d{0,18}|1[0-7]\d{18})$/)
      if (format === 'json') {
        return cachedResponse(context, range, ['logs'], ['logs', search, limit, after], () =>
          searchLogs(context, search, range, limit, after),
        )
      }
      const { data, nextCursor } = await exportLogs(context, search, range, limit, after)
      // LogsData has no room for a cursor.
      if (nextCursor !== null) reply.header('x-next-cursor', nextCursor)
      return data
    },
  )

  app.get(
    '/logs/histogram',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'countLogs',
        tags: ['logs'],
        summary: 'Count log records per level and bucket of time',
        querystring: logsHistogramQuery,
        response: { 200: logsHistogramResponse },
      },
    },
    async (request, reply) => {
      const { from, to, interval, ...search } = request.query
      const context = queryContextOf(options, request, reply)
      const range = resolveRange({ from, to })
      return cachedResponse(context, range, ['logs'], ['log counts', search, interval], () =>
        countLogs(context, search, range, interval),
      )
    },
  )

  app.get(
    '/logs/facets',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listLogFacets',
        tags: ['logs'],
        summary: 'The commonest values of the fields of what a search finds',
        querystring: logsFacetsQuery,
        response: { 200: logsFacetsResponse },
      },
    },
    async (request, reply) => {
      const { from, to, ...search } = request.query
      const context = queryContextOf(options, request, reply)
      const range = resolveRange({ from, to })
      return cachedResponse(context, range, ['logs'], ['log facets', search], () => readFacets(context, search, range))
    },
  )

  app.get(
    '/logs/patterns',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listLogPatterns',
        tags: ['logs'],
        summary: 'Bodies that differ in numbers and ids only, together',
        querystring: logsPatternsQuery,
        response: { 200: logsPatternsResponse },
      },
    },
    async (request, reply) => {
      const { from, to, limit, ...search } = request.query
      const context = queryContextOf(options, request, reply)
      const range = resolveRange({ from, to })
      return cachedResponse(context, range, ['logs'], ['log patterns', search, limit], () =>
        readPatterns(context, search, range, limit),
      )
    },
  )

  app.get(
    '/logs/context',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getLogContext',
        tags: ['logs'],
        summary: 'What the same service wrote before and after a record',
        querystring: logsContextQuery,
        response: { 200: logsContextResponse },
      },
    },
    async (request, reply) => {
      const context = await readContext(queryContextOf(options, request, reply), request.query)
      if (!context) throw new ApiError('NOT_FOUND', `There is no record ${request.query.id} at this time.`)
      return context
    },
  )

  await app.register(fastifySSE, { heartbeatInterval: 15_000 })
  // A tail has no end of its own: without this the server would wait for it when it stops.
  const closing = new AbortController()
  const tails = new OpenTails()
  app.addHook('preClose', async () => closing.abort())
  app.get(
    '/logs/tail',
    {
      config: { scope: 'read' },
      sse: 'only',
      schema: {
        operationId: 'tailLogs',
        tags: ['logs'],
        summary: 'Log records as they arrive, as server-sent events',
        description:
          'Events: `log` with a record, `skipped` with how many records were left out since the client reads slower than they come. A search finds whole words only. Ten may be open for one key or session, and fifty in all.',
        querystring: logsTailQuery,
        produces: ['text/event-stream'],
        response: { 200: logsTailEvent.describe('The data of each event') },
      },
    },
    async (request, reply) => {
      const leave = tails.enter(principalOf(request).id)
      try {
        const context = queryContextOf(options, request, reply)
        const signal = AbortSignal.any([context.signal, closing.signal, whilePermitted(request, reply)])
        // A client, and a proxy between, know that it is connected before the first record.
        reply.sse.sendHeaders()
        reply.raw.write(': connected\n\n')
        await reply.sse.send(
          tailLogs({ ...context, signal }, request.query, (took, least) => tails.pauseMs(took, least)),
        )
      } finally {
        leave()
      }
    },
  )
}
