import { querySignals } from '@burstlet/contract/query'
import {
  serviceParams,
  serviceQuery,
  serviceResponse,
  servicesQuery,
  servicesResponse,
} from '@burstlet/contract/services'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { cachedResponse } from '../../querying/context/cached-response.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { decodeCursor, encodeCursor } from '../../querying/time/cursor.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { readServices } from '../red/services.ts'
import { readService } from './service.ts'

export async function servicesRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/services',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listServices',
        tags: ['services'],
        summary: 'Services with rate, errors and durations of their entry spans',
        description:
          'Entry spans are those of kind server and consumer. Services that sent none are listed with zero requests.',
        querystring: servicesQuery,
        response: { 200: servicesResponse },
      },
    },
    async (request, reply) => {
      const { limit, cursor, ...range } = request.query
      const skip = Number(decodeCursor(cursor, /^\d{1,6}$/)?.[1] ?? 0)
      const context = queryContextOf(options, request, reply)
      const times = resolveRange(range)
      const services = await cachedResponse(context, times, querySignals, ['services'], () =>
        readServices(context, times),
      )
      const next = skip + limit
      return {
        items: services.slice(skip, next),
        nextCursor: next < services.length ? encodeCursor(['0', String(next)]) : null,
      }
    },
  )

  app.get(
    '/services/:name',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getService',
        tags: ['services'],
        summary: 'One service: rate, errors and durations over time, and its endpoints',
        params: serviceParams,
        querystring: serviceQuery,
        response: { 200: serviceResponse },
      },
    },
    async (request, reply) => {
      const { interval, ...times } = request.query
      const range = resolveRange(times)
      const { name } = request.params
      const context = queryContextOf(options, request, reply)
      const service = await cachedResponse(context, range, querySignals, ['service', name, interval], () =>
        readService(context, name, range, interval),
      )
      if (!service) throw new ApiError('NOT_FOUND', `Nothing of a service ${name} arrived in this time.`)
      return service
    },
  )
}
