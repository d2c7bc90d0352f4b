import { problem } from '@burstlet/contract/errors'
import swagger, { type SwaggerTransform } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform } from '@fastify/type-provider-zod'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { z } from 'zod'

/**
 * Describes the routes that are registered after it, as OpenAPI 3.1: the document at /api/openapi.json, a page to browse
 * it at /api/docs, whose scripts and styles are our own files.
 */
export const openapi = fastifyPlugin(async (app: FastifyInstance) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Burstlet Monitoring',
        description:
          'Traces, logs and metrics of OpenTelemetry clients. Times are ISO 8601, epoch milliseconds, or relative such as now-15m. Unknown query parameters are refused.',
        version: '0.1.0',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: ['overview', 'services', 'traces', 'logs', 'metrics', 'health'].map((name) => ({ name })),
      security: [{ key: [] }, { session: [] }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'burstlet_session' },
        },
      },
    },
    transform: describeRoute,
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
    uiConfig: { deepLinking: true, displayRequestDuration: true, tryItOutEnabled: true, validatorUrl: null },
  })
})

const problemSchema = z.toJSONSchema(problem.meta({ id: undefined }), { target: 'draft-2020-12' })

/** Zod to JSON schema, and what every route answers on a failure. */
const describeRoute: SwaggerTransform = (route) => {
  const { schema, url } = jsonSchemaTransform(route as Parameters<typeof jsonSchemaTransform>[0])
  if (!schema || schema.hide) return { schema, url }
  const failure = {
    description: 'A problem (RFC 9457); its code says which',
    content: { 'application/problem+json': { schema: problemSchema } },
  }
  return { schema: { ...schema, response: { ...(schema.response as object), default: failure } }, url }
}
