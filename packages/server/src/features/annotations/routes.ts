import {
  annotation,
  annotationBody,
  annotationParams,
  annotationsQuery,
  annotationsResponse,
} from '@burstlet/contract/annotations'
import { parseTime } from '@burstlet/contract/time'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { ApiError } from '../../http/errors/api-error.ts'
import { zodRoutes } from '../../http/openapi/zod-routes.ts'
import { spaceOf } from '../../querying/context/request-context.ts'
import { decodeCursor, encodeCursor } from '../../querying/time/cursor.ts'
import { resolveRange } from '../../querying/time/time-range.ts'
import type { Database } from '../../storage/database/database.ts'
import { deleteDeployment, readAnnotations, recordDeployment } from './deployments.ts'

const tags = ['releases']

/** Deployments as marks on charts. */
export async function annotationsRoutes(instance: FastifyInstance, options: { database: Database }): Promise<void> {
  const { database } = options
  const app = zodRoutes(instance)

  app.get(
    '/annotations',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listAnnotations',
        tags,
        summary: 'Deployments, newest first',
        description:
          'Those that were recorded, and those that were seen: telemetry with a new service.version of a service that was known before.',
        querystring: annotationsQuery,
        response: { 200: annotationsResponse },
      },
    },
    async (request) => {
      const { from, to, limit, cursor, ...search } = request.query
      const skip = Number(decodeCursor(cursor, /^\d{1,6}$/)?.[1] ?? 0)
      const found = await readAnnotations(database, spaceOf(request), resolveRange({ from, to }), search)
      const next = skip + limit
      return {
        items: found.slice(skip, next),
        nextCursor: next < found.length ? encodeCursor(['0', String(next)]) : null,
      }
    },
  )

  app.post(
    '/annotations',
    {
      config: { scope: 'write' },
      schema: {
        operationId: 'recordAnnotation',
        tags,
        summary: 'Record a deployment',
        body: annotationBody,
        response: { 201: annotation },
      },
    },
    async (request, reply) => {
      const { time, ...body } = request.body
      const now = Date.now()
      reply.code(201)
      return recordDeployment(database, spaceOf(request), body, parseTime(time, now) ?? now)
    },
  )

  app.delete(
    '/annotations/:id',
    {
      config: { scope: 'write' },
      schema: {
        operationId: 'deleteAnnotation',
        tags,
        summary: 'Take a recorded deployment back',
        params: annotationParams,
        response: { 204: z.null().describe('It is gone') },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await deleteDeployment(database, spaceOf(request), id))) {
        throw new ApiError('NOT_FOUND', `There is no annotation ${id}.`)
      }
      reply.code(204)
      return null
    },
  )
}
