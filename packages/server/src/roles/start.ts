import type { FastifyBaseLogger } from 'fastify'
import { KeyRing } from '../access/key-ring.ts'
import type { Config } from '../config/settings.ts'
import { startApi } from './api.ts'
import { type Foundation, needsNoStore, openFoundation } from './foundation.ts'
import { startHealthOnly, withoutNeed } from './health-only.ts'
import { startIngest } from './ingest.ts'
import { type Role, startInOrder } from './role.ts'
import { startScheduler } from './scheduler.ts'

/** A running process with the roles that are configured. */
export interface Server {
  /** Base addresses, and what the page is first reached by; only of what this process has. */
  readonly addresses: {
    /** Of the API and the page; of `GET /health` alone in a process without the role query. */
    readonly api: string
    readonly otlpHttp?: string
    readonly otlpGrpc?: string
    /** Signs one browser in, within a quarter of an hour. */
    readonly signIn?: string
    /** What `npm install` takes the SDK from. */
    readonly sdk?: string
  }
  /** Takes nothing new, finishes what was taken, stores it, and ends its parts. */
  stop(): Promise<void>
}

/** Starts the roles of `MONITORING_ROLES` in the order in which they need each other. @throws when one of them cannot start */
export async function startServer(config: Config, log: FastifyBaseLogger): Promise<Server> {
  const startedAt = Date.now()
  const { roles } = config.server
  const { ingestKey, bootstrapApiKey: adminKey } = config.access
  const keys = new KeyRing({ ingestKey, adminKey })
  const running = await startInOrder(log, async (stack) => {
    const foundation = stack.use(await openFoundation(config, log))
    const ingest = roles.includes('ingest') ? stack.use(await startIngest(config, foundation, keys, log)) : undefined
    const scheduler = roles.includes('scheduler') ? stack.use(await startScheduler(config, foundation, log)) : undefined
    const probes = { ...probesOfStores(config, foundation), ...ingest?.probes, ...scheduler?.probes }
    const health = { startedAt, probes }
    const otlp = ingest && { otlpHttp: ingest.otlpHttp, otlpGrpc: ingest.otlpGrpc }
    if (!roles.includes('query')) {
      const { api } = stack.use(await startHealthOnly(config.server, health, log))
      return { addresses: { api, ...otlp } }
    }
    const parts = { keys, health, otlpHttpPort: ingest?.otlpHttpPort }
    const { api, signIn, sdk } = stack.use(await startApi(config, foundation, parts, log))
    return { addresses: { api, ...otlp, signIn, sdk } }
  })
  return { addresses: running.addresses, stop: async () => running[Symbol.asyncDispose]() }
}

function probesOfStores({ server }: Pick<Config, 'server'>, { probes }: Foundation): Role['probes'] {
  if (!needsNoStore(server)) return probes
  return {
    clickhouse: withoutNeed(probes.clickhouse, 'ClickHouse'),
    database: withoutNeed(probes.database, 'The relational store'),
  }
}
