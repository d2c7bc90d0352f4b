import { problem } from '@burstlet/contract/errors'
import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from '@fastify/type-provider-zod'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { version } from '../version.ts'

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
        version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: [
        'overview',
        'services',
        'errors',
        'traces',
        'logs',
        'metrics',
        'query',
        'releases',
        'access',
        'health',
      ].map((name) => ({
        name,
      })),
      security: [{ key: [] }, { session: [] }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'burstlet_session' },
        },
      },
    },
    transform: describeRoute,
    transformObject: usedSchemasOnly,
  })
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
    uiConfig: { deepLinking: true, displayRequestDuration: true, tryItOutEnabled: true, validatorUrl: null },
  })
})

/** Zod to JSON schema, and what every route answers on a failure. */
const describeRoute: SwaggerTransform = (route) => {
  const { schema, url } = jsonSchemaTransform(route as Parameters<typeof jsonSchemaTransform>[0])
  if (!schema || schema.hide) return { schema, url }
  const failure = {
    description: 'A problem (RFC 9457); its code says which',
    content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${problem.meta()?.id}` } } },
  }
  const open = (route.route.config as { public?: boolean } | undefined)?.public ? { security: [] } : {}
  return { schema: { ...schema, ...open, response: { ...(schema.response as object), default: failure } }, url }
}

/** The provider lists every named schema twice, as it is read and as it is written; what nothing points at goes. */
const usedSchemasOnly: SwaggerTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document)
  const text = JSON.stringify(whole)
  const schemas = ('components' in whole && whole.components?.schemas) || {}
  for (const name of Object.keys(schemas)) {
    if (!text.includes(`"#/components/schemas/${name}"`)) delete schemas[name]
  }
  return whole
}
