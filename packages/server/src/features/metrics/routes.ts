import {
  exemplarsQuery,
  exemplarsResponse,
  metricNamesQuery,
  metricNamesResponse,
  metricsQuery,
  metricsResponse,
} from '@burstlet/contract/metrics'
import type { Filter } from '@burstlet/query-language/filter'
import { parse } from '@burstlet/query-language/parse'
import type { FastifyInstance } from 'fastify'
import { metricsData } from '../../http/openapi/otlp-data.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { cachedResponse } from '../../querying/context/cached-response.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { decodeCursor } from '../../querying/time/cursor.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { readApplication } from './application.ts'
import { readExemplars } from './exemplars.ts'
import { exportMetric } from './export-otlp.ts'
import { readMetric } from './metric.ts'
import { readMetricNames } from './names.ts'
import { readSystem } from './system.ts'

export async function metricsRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/metrics',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getMetrics',
        tags: ['metrics'],
        summary: 'System, application or any other metrics over time',
        description:
          'One of three: category=system, category=application, or name=. Counters are differentiated per series first, across restarts, then added up; histograms are put together by their buckets.',
        querystring: metricsQuery,
        response: { 200: metricsResponse.or(metricsData) },
      },
    },
    async (request, reply) => {
      const {
        category,
        name,
        host,
        service,
        interval,
        from,
        to,
        limit,
        format,
        groupBy = [],
        filter: text,
        ...question
      } = request.query
      const context = queryContextOf(options, request, reply)
      const range = resolveRange({ from, to })
      if (category === 'system') {
        const asked = { host, interval, limit: limit ?? 1000 }
        return cachedResponse(context, range, ['metrics'], ['system', asked], () => readSystem(context, range, asked))
      }
      if (name === undefined) {
        const asked = { service, interval, limit: limit ?? 1000 }
        return cachedResponse(context, range, ['spans', 'metrics'], ['application', asked], () =>
          readApplication(context, range, asked),
        )
      }
      const filter = filterOf(text)
      if (format === 'otlp') return exportMetric(context, { ...question, filter, name, service, groupBy }, range)
      const asked = { ...question, filter, name, service, interval, groupBy, limit: limit ?? 100 }
      return cachedResponse(context, range, ['metrics'], ['metric', asked], () => readMetric(context, asked, range))
    },
  )

  app.get(
    '/metrics/names',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listMetricNames',
        tags: ['metrics'],
        summary: 'What metrics there are',
        querystring: metricNamesQuery,
        response: { 200: metricNamesResponse },
      },
    },
    async (request, reply) => {
      const { from, to, cursor, ...question } = request.query
      const skip = Number(decodeCursor(cursor, /^\d{1,6}$/)?.[1] ?? 0)
      return readMetricNames(queryContextOf(options, request, reply), resolveRange({ from, to }), { ...question, skip })
    },
  )

  app.get(
    '/metrics/exemplars',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listExemplars',
        tags: ['metrics'],
        summary: 'Single measurements of a metric, with the trace that each was made in',
        querystring: exemplarsQuery,
        response: { 200: exemplarsResponse },
      },
    },
    async (request, reply) => {
      const { from, to, minValue, maxValue, limit, kind, unit, filter: text, ...question } = request.query
      const range = resolveRange({ from, to })
      const context = queryContextOf(options, request, reply)
      const selection = { ...question, filter: filterOf(text), groupBy: [] }
      return readExemplars(context, selection, range, { kind, unit }, { minValue, maxValue, limit })
    },
  )
}

function filterOf(text: string | undefined): Filter | undefined {
  return text === undefined ? undefined : parse(text)
}
