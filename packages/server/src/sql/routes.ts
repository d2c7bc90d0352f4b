import { sqlAnswer, sqlBody } from '@burstlet/contract/sql'
import type { FastifyInstance } from 'fastify'
import { zodRoutes } from '../openapi/zod-routes.ts'
import type { QueryOptions } from '../search/query-options.ts'
import { scopeOf } from '../search/request-scope.ts'
import { runSql } from './run-sql.ts'

export async function sqlRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.post(
    '/sql',
    {
      schema: {
        operationId: 'runSql',
        tags: ['query'],
        summary: 'One SELECT over the tables of telemetry',
        description:
          'Read-only. Tables: spans, logs, metric_series, metric_samples, metric_histograms, metric_exponential_histograms, metric_summaries, metric_exemplars, resources, scopes, trace_index, red_1m, red_service_1m. Functions are those of an allow-list; what is refused is named.',
        body: sqlBody,
        response: { 200: sqlAnswer },
      },
    },
    (request, reply) => runSql(scopeOf(options, request, reply), request.body),
  )
}
