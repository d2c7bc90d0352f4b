import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod'
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import { apiPrefix } from '../app.ts'
import type { Config } from '../config/settings.ts'
import { type HealthOptions, HealthProblem, healthRoutes, type Probe } from '../features/health/routes.ts'
import { problemDetails } from '../http/errors/problem-details.ts'
import { listen, listenHttp } from './listen.ts'
import { type Role, startInOrder } from './role.ts'

/** Answers how a process is that does not answer the API: `GET /health` at the port of the API, and nothing else. */
export function startHealthOnly(
  { host, apiPort }: Config['server'],
  health: HealthOptions,
  log: FastifyBaseLogger,
): Promise<Role & { readonly api: string }> {
  return startInOrder(log, async (stack) => {
    const app = Fastify({
      loggerInstance: log,
      logController: new LogController({ disableRequestLogging: true }),
      requestTimeout: 30_000,
      forceCloseConnections: 'idle',
    })
    app.setValidatorCompiler(validatorCompiler)
    app.setSerializerCompiler(serializerCompiler)
    problemDetails(app, () => undefined)
    await app.register(healthRoutes, { ...health, prefix: apiPrefix })
    stack.defer(() => app.close())
    const api = await listen({ host, port: apiPort }, 'MONITORING_API_PORT', (address) => listenHttp(app, address))
    return { api, probes: {} }
  })
}

/** A probe of what this process can do without for a while. */
export function withoutNeed(probe: Probe | undefined, what: string): Probe {
  return async () => {
    try {
      return (await probe?.()) ?? null
    } catch (error) {
      throw new HealthProblem('degraded', error instanceof HealthProblem ? error.message : `${what} does not answer.`)
    }
  }
}
