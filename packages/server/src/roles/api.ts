import type { FastifyBaseLogger } from 'fastify'
import type { KeyRing } from '../access/key-ring.ts'
import { signInUrl } from '../access/routes.ts'
import { createApp } from '../app.ts'
import type { Config } from '../config/settings.ts'
import type { HealthOptions } from '../features/health/routes.ts'
import { PageMaps } from '../features/source-maps/page-maps.ts'
import { SourceMaps } from '../features/source-maps/source-maps.ts'
import { SourceMapStore } from '../features/source-maps/store.ts'
import { pageFolder } from '../http/page/page.ts'
import { sdkPath } from '../http/page/sdk-package.ts'
import { defaultHeavyLimits, HeavyQueries } from '../querying/admission/heavy-queries.ts'
import { QueryGuard } from '../querying/context/query-guard.ts'
import type { Foundation } from './foundation.ts'
import { listen, listenHttp } from './listen.ts'
import { type Role, startInOrder } from './role.ts'
import { openSessions, publicAddress } from './sign-in-link.ts'

/** Answers the REST API and serves the page. */
export interface ApiRole extends Role {
  /** Base address. */
  readonly api: string
  /** Signs one browser in, within a quarter of an hour. */
  readonly signIn: string
  /** What `npm install` takes the SDK from. */
  readonly sdk: string
}

export type ApiConfig = Pick<Config, 'server' | 'access' | 'storage' | 'retention' | 'query'>

/**
 * Listens for the REST API and the page.
 * @param otlpHttpPort of this process, when it takes OTLP
 */
export function startApi(
  config: ApiConfig,
  foundation: Foundation,
  parts: { readonly keys: KeyRing; readonly health: HealthOptions; readonly otlpHttpPort: number | undefined },
  log: FastifyBaseLogger,
): Promise<ApiRole> {
  return startInOrder(log, async (stack) => {
    const { server, storage, retention } = config
    const { database, clickhouse, disks, receiver, reports, orders } = foundation
    const { keys, health, otlpHttpPort } = parts
    const sessions = openSessions(config, database)
    const store = new SourceMapStore(database, storage.sourceMapsMaxBytes)
    const also = server.pageTelemetry ? [new PageMaps(pageFolder)] : []
    const sourceMaps = stack.adopt(new SourceMaps(store, log, { also }), (maps) => maps.stop())
    const heavy = new HeavyQueries({ ...defaultHeavyLimits, running: config.query.heavyAtOnce })
    let api = ''
    const reachable = () => publicAddress(server) ?? api
    const app = await createApp({
      reader: clickhouse.reader,
      database,
      sourceMaps,
      receiver,
      reports,
      orders,
      storage: { disks, brokenParts: clickhouse.brokenParts },
      queryGuard: new QueryGuard(heavy, clickhouse.reader),
      retention,
      log,
      pageTelemetry: server.pageTelemetry,
      address: reachable,
      otlpHttpPort: () => otlpHttpPort,
      guard: { keys, sessions, publicUrl: server.publicUrl },
      health,
    })
    stack.defer(() => app.close())
    api = await listen({ host: server.host, port: server.apiPort }, 'MONITORING_API_PORT', (address) =>
      listenHttp(app, address),
    )
    const signIn = signInUrl(reachable(), await sessions.issueLink())
    return { api, signIn, sdk: `${reachable()}${sdkPath}`, probes: {} }
  })
}
