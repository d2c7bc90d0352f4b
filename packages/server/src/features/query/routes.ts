import { explainResponse, queryBody, queryResponse } from '@burstlet/contract/query'
import type { FastifyInstance } from 'fastify'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { explainQuery } from './explain.ts'
import { runQuery } from './run.ts'

export async function queryRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.post(
    '/query',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'query',
        tags: ['query'],
        summary: 'Spans, logs and metrics: over time, as a whole, as a table, a distribution, or their rows',
        description:
          'Several queries by name, and formulas over them. Counts of spans are weighted by sampling. Questions about nothing but kind (server, client, consumer), service, name, method and route are answered from rollups, with percentiles within 4.4 %; so are counts of logs by service and level. meta.source names the tables that answered.',
        body: queryBody,
        response: { 200: queryResponse },
      },
    },
    (request, reply) => runQuery(queryContextOf(options, request, reply), request.body),
  )

  app.post(
    '/query/explain',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'explainQuery',
        tags: ['query'],
        summary: 'The SQL of a query, and what it read',
        description:
          'Runs the query as POST /query does, and tells of each statement the parts and granules that its indexes left.',
        body: queryBody,
        response: { 200: explainResponse },
      },
    },
    (request, reply) => explainQuery(queryContextOf(options, request, reply), request.body),
  )
}
