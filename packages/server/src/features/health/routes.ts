import { type ComponentHealth, type Health, health } from '@burstlet/contract/health'
import type { FastifyInstance } from 'fastify'
import { version } from '../../config/version.ts'

/** What a probe throws to say what is wrong, and how bad that is. */
export class HealthProblem extends Error {
  override readonly name = 'HealthProblem'
  readonly status: 'degraded' | 'unhealthy'

  /** @param message for everybody: the route is public */
  constructor(status: 'degraded' | 'unhealthy', message: string) {
    super(message)
    this.status = status
  }
}

/** What a probe found: how long it took in milliseconds, that it is there, or that it is there and has too much to do. */
export type Probe = () => Promise<number | null | 'degraded'>

export interface HealthOptions {
  /** Each answers within a moment or throws; a store or role that this process has not is absent. */
  readonly probes: { readonly [Component in keyof Health['components']]?: Probe }
  readonly startedAt: number
}

const patienceMs = 2000

/** `GET /health`: answers without a key, and never later than its own patience. */
export async function healthRoutes(app: FastifyInstance, options: HealthOptions): Promise<void> {
  app.get(
    '/health',
    {
      config: { public: true },
      schema: {
        operationId: 'getHealth',
        tags: ['health'],
        summary: 'State of the server and its parts',
        response: { 200: health, 503: health },
      },
    },
    async (_request, reply) => {
      const answer = await readHealth(options)
      reply.code(answer.status === 'unhealthy' ? 503 : 200)
      return answer
    },
  )
}

/** The state of this moment, no later than the patience. */
export async function readHealth({ probes, startedAt }: HealthOptions): Promise<Health> {
  const [ingest, clickhouse, database, scheduler] = await Promise.all([
    examine(probes.ingest),
    examine(probes.clickhouse),
    examine(probes.database),
    examine(probes.scheduler),
  ])
  const components = { ingest, clickhouse, database, scheduler }
  return {
    status: worst(Object.values(components)),
    timestamp: new Date().toISOString(),
    uptimeSeconds: Math.round((Date.now() - startedAt) / 1000),
    version,
    components,
    // Health checks of people come with the scheduler; until then there are none.
    checks: { healthy: 0, degraded: 0, unhealthy: 0, unknown: 0 },
  }
}

async function examine(probe: Probe | undefined): Promise<ComponentHealth> {
  if (!probe) return { status: 'disabled', latencyMs: null }
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new Error('no answer')), patienceMs)
  try {
    const found = await Promise.race([probe(), timeout.promise])
    if (found === 'degraded') return { status: 'degraded', latencyMs: null }
    return { status: 'healthy', latencyMs: found }
  } catch (error) {
    if (!(error instanceof HealthProblem)) return { status: 'unhealthy', latencyMs: null }
    return { status: error.status, latencyMs: null, message: error.message }
  } finally {
    clearTimeout(timer)
  }
}

function worst(components: ComponentHealth[]): Health['status'] {
  const states = components.map((component) => component.status)
  if (states.includes('unhealthy')) return 'unhealthy'
  return states.includes('degraded') ? 'degraded' : 'healthy'
}
