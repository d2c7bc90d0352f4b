import type { Health } from '@burstlet/contract/health'
import { overviewQuery, overviewResponse } from '@burstlet/contract/overview'
import type { FastifyInstance } from 'fastify'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { readOverview } from './overview.ts'

export interface OverviewOptions extends QueryOptions {
  /** The answer of `GET /health`, to be part of this one. */
  readonly health?: () => Promise<Health>
  /** Where OTLP/HTTP is received; known once that server listens. */
  readonly otlpHttpPort?: () => number | undefined
}

export async function overviewRoutes(instance: FastifyInstance, options: OverviewOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/overview',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getOverview',
        tags: ['overview'],
        summary: 'Everything of the first page in one answer',
        querystring: overviewQuery,
        response: { 200: overviewResponse },
      },
    },
    async (request, reply) => {
      const otlpHttpPort = options.otlpHttpPort?.()
      const overview = await readOverview(
        queryContextOf(options, request, reply),
        resolveRange(request.query),
        options.health,
      )
      return { ...overview, ...(otlpHttpPort !== undefined && { otlpHttpPort }) }
    },
  )
}
