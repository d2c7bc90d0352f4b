import { collectedMetrics, customMetricsBody, customMetricsResponse } from '@burstlet/contract/own-metrics'
import { startHostCollector } from '@burstlet/monitoring/host'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { apiErrorOfIngest } from '../../ingest/api-error-of-ingest.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf, spaceOf } from '../../querying/context/request-context.ts'
import { collectMetrics } from './collect.ts'
import { storeCustomMetrics } from './custom.ts'
import type { Intake } from './otlp.ts'

export interface CustomMetricsOptions extends QueryOptions {
  /** What stores; absent where nothing is received. */
  readonly intake?: Intake
}

export async function customMetricsRoutes(instance: FastifyInstance, options: CustomMetricsOptions): Promise<void> {
  const app = zodRoutes(instance)
  const collector = startHostCollector()
  app.addHook('onClose', async () => collector.stop())
  const storing = async <Answer>(store: (intake: Intake) => Promise<Answer>): Promise<Answer> => {
    if (!options.intake) throw new ApiError('UNAVAILABLE', 'This process receives nothing.')
    try {
      return await store(options.intake)
    } catch (error) {
      throw apiErrorOfIngest(error)
    }
  }

  app.post(
    '/metrics/custom',
    {
      config: { scope: 'ingest' },
      schema: {
        operationId: 'sendCustomMetrics',
        tags: ['metrics'],
        summary: 'Store values of metrics of your own',
        description:
          'One metric or an array: {name, type: counter|gauge|histogram|summary, value, unit, tags, service, timestamp}. What is wrong is told by its index and costs no other; when nothing is right the answer is 400. Afterwards they are metrics like any other, of scope burstlet.custom, counters and histograms as delta.',
        body: customMetricsBody,
        response: { 202: customMetricsResponse },
      },
    },
    async (request, reply) => {
      reply.code(202)
      return storing((intake) => storeCustomMetrics(intake, spaceOf(request), request.body))
    },
  )

  app.post(
    '/metrics/collect',
    {
      config: { scope: 'write' },
      schema: {
        operationId: 'collectMetrics',
        tags: ['metrics'],
        summary: 'Read this host and process now, and store it',
        description: 'The application part is of the entry spans of the last minute.',
        response: { 200: collectedMetrics },
      },
    },
    async (request, reply) => {
      const context = queryContextOf(options, request, reply)
      return storing((intake) => collectMetrics(intake, context, collector.collect))
    },
  )
}
