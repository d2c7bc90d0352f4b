import { type Problem, problem } from '@burstlet/contract/errors'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect } from 'vitest'
import { errorGroupsRoutes } from '../src/features/errors/routes.ts'
import { fieldsRoutes } from '../src/features/fields/routes.ts'
import { logsRoutes } from '../src/features/logs/routes.ts'
import { metricsRoutes } from '../src/features/metrics/routes.ts'
import { overviewRoutes } from '../src/features/overview/routes.ts'
import { queryRoutes } from '../src/features/query/routes.ts'
import { serviceMapRoutes } from '../src/features/service-map/routes.ts'
import { servicesRoutes } from '../src/features/services/routes.ts'
import type { SourceMaps } from '../src/features/source-maps/source-maps.ts'
import { sqlRoutes } from '../src/features/sql/routes.ts'
import { tracesRoutes } from '../src/features/traces/routes.ts'
import { problemDetails } from '../src/http/errors/problem-details.ts'
import { openapi } from '../src/http/openapi/openapi.ts'
import type { QueryGuard } from '../src/querying/context/query-guard.ts'
import { explainQueryError } from '../src/querying/statements/explain-query-error.ts'
import type { ClickhouseReader } from '../src/storage/clickhouse/reader.ts'
import { describedAnswers } from './described-answers.ts'

/**
 * The query features over a real engine, without keys and without a port, and every answer held against the OpenAPI document. The header `x-space` says whose request it is; it is of the default space without.
 * @param guard what bounds questions; nothing does when unset
 */
export async function createTestApi(
  reader: ClickhouseReader,
  { guard, sourceMaps }: { guard?: QueryGuard; sourceMaps?: SourceMaps } = {},
): Promise<FastifyInstance> {
  // What a route fails at is hidden from its caller; a test that sees a 500 wants to know.
  const app = Fastify({ routerOptions: { maxParamLength: 12_288 }, logger: { level: 'error' } })
  problemDetails(app, explainQueryError)
  describedAnswers(app)
  app.decorateRequest('space', '')
  app.addHook('onRequest', async (request) => {
    Object.assign(request, { space: request.headers['x-space'] ?? 'default' })
  })
  const queries = { reader, ...(guard && { guard }), ...(sourceMaps && { sourceMaps }) }
  await app.register(openapi)
  await app.register(overviewRoutes, queries)
  await app.register(servicesRoutes, queries)
  await app.register(serviceMapRoutes, queries)
  await app.register(errorGroupsRoutes, queries)
  await app.register(tracesRoutes, queries)
  await app.register(logsRoutes, queries)
  await app.register(metricsRoutes, queries)
  await app.register(queryRoutes, queries)
  await app.register(fieldsRoutes, queries)
  await app.register(sqlRoutes, queries)
  await app.ready()
  return app
}

/** The JSON that `GET path` answers with 200. @throws Error with the problem otherwise */
export async function get<Answer>(
  app: FastifyInstance,
  path: string,
  query: Record<string, unknown> = {},
): Promise<Answer> {
  const response = await app.inject({ url: urlOf(path, query) })
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
  return response.json<Answer>()
}

/** The JSON that `POST path` answers with 200. @throws Error with the problem otherwise */
export async function post<Answer>(app: FastifyInstance, path: string, body: object): Promise<Answer> {
  const response = await app.inject({ method: 'POST', url: path, payload: body })
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${response.body}`)
  return response.json<Answer>()
}

/** The problem that `POST path` is answered with. */
export async function problemOfPost(app: FastifyInstance, path: string, body: object): Promise<Problem> {
  const response = await app.inject({ method: 'POST', url: path, payload: body })
  const answer = problem.strict().parse(response.json())
  expect(answer.status).toBe(response.statusCode)
  return answer
}

/** The problem that `GET path` is answered with. */
export async function problemOf(
  app: FastifyInstance,
  path: string,
  query: Record<string, unknown> = {},
): Promise<Problem> {
  const response = await app.inject({ url: urlOf(path, query) })
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  const body = problem.strict().parse(response.json())
  expect(body.status).toBe(response.statusCode)
  return body
}

function urlOf(path: string, query: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) parameters.append(name, String(each))
  }
  return `${path}?${parameters}`
}
