import { serviceMapQuery, serviceMapResponse } from '@burstlet/contract/service-map'
import type { FastifyInstance } from 'fastify'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { cachedResponse } from '../../querying/context/cached-response.ts'
import type { QueryOptions } from '../../querying/context/query-context.ts'
import { queryContextOf } from '../../querying/context/request-context.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import { readServiceMap } from './map.ts'

export async function serviceMapRoutes(instance: FastifyInstance, options: QueryOptions): Promise<void> {
  zodRoutes(instance).get(
    '/service-map',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'getServiceMap',
        tags: ['services'],
        summary: 'Services, databases, queues and other peers, and who asks whom',
        description:
          'A request between two services counts at the entry span of the one that is asked, in the minute that it starts in. What is sent and consumed over a queue goes by the queue. A call that none of the services answered goes to a node of kind external, named by peer.service, server.address or the URL.',
        querystring: serviceMapQuery,
        response: { 200: serviceMapResponse },
      },
    },
    async (request, reply) => {
      const { service, ...times } = request.query
      const context = queryContextOf(options, request, reply)
      const range = resolveRange(times)
      return cachedResponse(context, range, ['spans'], ['service map', service], () =>
        readServiceMap(context, range, service),
      )
    },
  )
}
