import { scopeMeanings } from '@burstlet/contract/access'
import { problem } from '@burstlet/contract/errors'
import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { jsonSchemaTransform, jsonSchemaTransformObject } from '@fastify/type-provider-zod'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { version } from '../../config/version.ts'

/** Also says what a schema cannot: `packages/server/test/openapi/checks.py` knows the same list. */
const description = `Traces, logs and metrics of OpenTelemetry clients. Times are ISO 8601, epoch milliseconds, or relative such as now-15m. Unknown query parameters are refused.

A request that its schema allows may still be refused, with the parameter in \`errors\`: when \`from\` is not before \`to\`, or the range has too many points; when parameters do not go together (those of one kind or signal with another); when a filter, an aggregate, a formula, an order, a field, a regular expression or a statement of SQL is not one of its language; when a cursor is not one of its list; when a date is none of the calendar; and when an answer would take too much (422).`

const scopes = `Which scope a route needs is listed beside the scheme: ${Object.entries(scopeMeanings)
  .map(([scope, meaning]) => `\`${scope}\` (${meaning})`)
  .join(', ')}.`

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
        description,
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
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: `A key. ${scopes}` },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'burstlet_session',
            description: `A browser that is signed in. ${scopes}`,
          },
        },
      },
    },
    transform: describeRoute,
    transformObject: usedSchemasOnly,
  })
  app.get('/api/openapi.json', { config: { scope: 'read' }, schema: { hide: true } }, async () => app.swagger())
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, scope: 'read' }
    })
    await docs.register(swaggerUi, {
      routePrefix: '/api/docs',
      staticCSP: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
      uiConfig: { deepLinking: true, displayRequestDuration: true, tryItOutEnabled: true, validatorUrl: null },
    })
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
  const security = securityOf(route.route.config)
  return { schema: { ...schema, security, response: { ...(schema.response as object), default: failure } }, url }
}

/** What the guard asks of a route, as roles of either scheme. */
function securityOf({ scope, public: isPublic }: FastifyContextConfig = {}): Record<string, string[]>[] {
  if (isPublic || scope === undefined) return []
  return [{ key: [scope] }, { session: [scope] }]
}

/**
 * The provider lists every named schema twice, as it is read and as it is written; what nothing points at goes. That a tuple has no
 * more items is said by their number: tools do not know a schema that is `false`.
 */
const usedSchemasOnly: SwaggerTransformObject = (document) => {
  const whole = jsonSchemaTransformObject(document)
  for (const tuple of tuplesIn(whole)) delete tuple['items']
  const text = JSON.stringify(whole)
  const schemas = ('components' in whole && whole.components?.schemas) || {}
  for (const name of Object.keys(schemas)) {
    if (!text.includes(`"#/components/schemas/${name}"`)) delete schemas[name]
  }
  return whole
}

/** Schemas of tuples in a document, at any depth. */
function tuplesIn(of: unknown): Record<string, unknown>[] {
  if (typeof of !== 'object' || of === null) return []
  const own = 'prefixItems' in of && 'maxItems' in of ? [of as Record<string, unknown>] : []
  return [...own, ...Object.values(of).flatMap(tuplesIn)]
}
