import { fieldKeysQuery, fieldKeysResponse, fieldValuesQuery, fieldValuesResponse } from '@burstlet/contract/fields'
import type { FastifyInstance } from 'fastify'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { cachedResponse } from '../../querying/context/cached-response.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { readFieldKeys } from './keys.ts'
import { readFieldValues } from './values.ts'

export async function fieldsRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/fields/keys',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listFieldKeys',
        tags: ['query'],
        summary: 'What can be filtered and grouped by, with counts',
        description: 'Of the newest rows that the filter finds, up to 50,000; the answer says whether those were all.',
        querystring: fieldKeysQuery,
        response: { 200: fieldKeysResponse },
      },
    },
    (request, reply) => {
      const { from, to, signal, filter, metric, search, limit } = request.query
      const sampling = {
        signal,
        filter: filter?.trim() ? filter : undefined,
        metric,
        range: resolveRange({ from, to }),
      }
      const context = queryContextOf(options, request, reply)
      return cachedResponse(context, sampling.range, [signal], ['field keys', sampling, search, limit], () =>
        readFieldKeys(context, sampling, search, limit),
      )
    },
  )

  app.get(
    '/fields/values',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listFieldValues',
        tags: ['query'],
        summary: 'Values of a field, with counts',
        description:
          'Of the newest rows that the filter finds, up to 200,000 (of narrow columns five million); the answer says whether those were all.',
        querystring: fieldValuesQuery,
        response: { 200: fieldValuesResponse },
      },
    },
    (request, reply) => {
      const { from, to, signal, filter, metric, key, search, limit } = request.query
      const sampling = {
        signal,
        filter: filter?.trim() ? filter : undefined,
        metric,
        range: resolveRange({ from, to }),
      }
      const context = queryContextOf(options, request, reply)
      return cachedResponse(context, sampling.range, [signal], ['field values', sampling, key, search, limit], () =>
        readFieldValues(context, sampling, key, search, limit),
      )
    },
  )
}
