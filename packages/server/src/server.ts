import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { KeyRing } from './access/key-ring.ts'
import { signInUrl } from './access/routes.ts'
import { Sessions } from './access/sessions.ts'
import { createApp } from './app.ts'
import { rollupJob } from './background/rollups/job.ts'
import { rollups } from './background/rollups/rollups.ts'
import { sweepJob } from './background/rollups/sweep.ts'
import { Leases } from './background/scheduler/leases.ts'
import { Scheduler } from './background/scheduler/scheduler.ts'
import { lockDataFolder } from './config/data-folder.ts'
import { deriveKey, loadSecretKey } from './config/secret-key.ts'
import type { Config } from './config/settings.ts'
import { spoolFolder } from './config/spool-folder.ts'
import { seenVersionsJob } from './features/annotations/seen-versions.ts'
import { probeClickhouse, probeIngest } from './features/health/probes.ts'
import { PageMaps } from './features/source-maps/page-maps.ts'
import { SourceMaps } from './features/source-maps/source-maps.ts'
import { SourceMapStore } from './features/source-maps/store.ts'
import { pageFolder } from './http/page/page.ts'
import { sdkPath } from './http/page/sdk-package.ts'
import { GrpcServer } from './ingest/grpc/server.ts'
import { createIngestServer } from './ingest/http/server.ts'
import { ingestLimits } from './ingest/ingest-limits.ts'
import { Receiver } from './ingest/receiver.ts'
import { defaultHeavyLimits, HeavyQueries } from './querying/admission/heavy-queries.ts'
import { QueryGuard } from './querying/context/query-guard.ts'
import { openClickhouse } from './storage/clickhouse/clickhouse.ts'
import { type Database, openDatabase } from './storage/database/database.ts'
import { diskFloor } from './storage/disk-space/disk-floor.ts'
import { DiskSpace } from './storage/disk-space/disk-space.ts'

/** A running server. */
export interface Server {
  /** Base addresses, and the link that signs one browser in (within a quarter of an hour). */
  readonly addresses: {
    readonly api: string
    readonly otlpHttp: string
    readonly otlpGrpc: string
    readonly signIn: string
    /** What `npm install` takes the SDK from. */
    readonly sdk: string
  }
  /** Takes nothing new, finishes what was taken, stores it, and ends its parts. */
  stop(): Promise<void>
}

/** Starts every part in the order in which they need each other. @throws when one of them cannot start */
export async function startServer(config: Config, log: FastifyBaseLogger): Promise<Server> {
  const startedAt = Date.now()
  const stops: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step()
  }
  try {
    const unlock = lockDataFolder(config.MONITORING_DATA_DIR)
    stops.push(async () => unlock())
    const keys = new KeyRing({ ingestKey: config.MONITORING_INGEST_KEY, adminKey: config.MONITORING_BOOTSTRAP_API_KEY })

    const database = await openDatabase(config)
    stops.push(() => database.destroy())
    const sessions = openSessions(config, database)
    const floor = diskFloor(config)
    const clickhouse = await openClickhouse(config, floor, log)
    stops.push(() => clickhouse.stop())
    const { brokenParts, tablesFolder } = clickhouse
    const root = spoolFolder(config)
    mkdirSync(root, { recursive: true, mode: 0o700 })
    const disks = new DiskSpace({ spool: root, ...(tablesFolder && { tables: tablesFolder }) }, floor)
    stops.push(async () => disks.stop())
    const receiver = new Receiver({
      root,
      disks,
      connection: clickhouse.connection,
      log,
      maxBodyBytes: config.MONITORING_OTLP_MAX_BODY_BYTES,
      workers: config.MONITORING_INGEST_THREADS ?? Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2))),
      capBytes: config.MONITORING_SPOOL_MAX_BYTES,
      insertIntervalMs: config.MONITORING_INSERT_INTERVAL_MS,
      limits: ingestLimits(config),
    })
    stops.push(() => receiver.spool.stop())
    const ingest = await createIngestServer({ receiver, log, keys, corsOrigins: config.MONITORING_OTLP_CORS_ORIGINS })
    stops.push(() => ingest.close())
    const grpc = new GrpcServer({ receiver, log, keys, corsOrigins: [] })
    stops.push(() => grpc.close())
    const retention = {
      traces: config.MONITORING_RETENTION_TRACES_DAYS,
      logs: config.MONITORING_RETENTION_LOGS_DAYS,
      metrics: config.MONITORING_RETENTION_METRICS_DAYS,
    }
    const sourceMaps = new SourceMaps(new SourceMapStore(database, config.MONITORING_SOURCE_MAPS_MAX_BYTES), log, {
      also: config.MONITORING_PAGE_TELEMETRY ? [new PageMaps(pageFolder)] : [],
    })
    stops.push(() => sourceMaps.stop())
    const scheduler = new Scheduler({
      leases: new Leases(database),
      jobs: [
        ...rollups.map((rollup) =>
          rollupJob(rollup, clickhouse.connection, retention, () => receiver.spool.status().oldestSeconds ?? 0),
        ),
        sweepJob(rollups, clickhouse.connection),
        seenVersionsJob(database, clickhouse.reader),
      ],
      log,
    })
    stops.push(() => scheduler.stop())
    let api = ''
    const reachable = () => config.MONITORING_PUBLIC_URL?.replace(/\/$/, '') ?? api
    const app = await createApp({
      reader: clickhouse.reader,
      database,
      sourceMaps,
      receiver,
      storage: { disks, brokenParts },
      queryGuard: new QueryGuard(
        new HeavyQueries({ ...defaultHeavyLimits, running: config.MONITORING_QUERY_HEAVY_AT_ONCE }),
        clickhouse.reader,
      ),
      retention,
      log,
      pageTelemetry: config.MONITORING_PAGE_TELEMETRY,
      address: reachable,
      otlpHttpPort: () => (ingest.server.address() as AddressInfo | null)?.port,
      guard: { keys, sessions, publicUrl: config.MONITORING_PUBLIC_URL },
      health: {
        startedAt,
        probes: {
          ingest: async () => probeIngest(receiver, disks),
          clickhouse: () => probeClickhouse(clickhouse),
          database: async () => {
            const started = performance.now()
            await sql`SELECT 1`.execute(database)
            return performance.now() - started
          },
          scheduler: async () => {
            const [name] = scheduler.failing.keys()
            if (name !== undefined) throw new Error(`${name} fails`)
            return null
          },
        },
      },
    })
    stops.push(() => app.close())
    scheduler.start()

    const otlpHttp = await listen((address) => listenHttp(ingest, address), config, 'MONITORING_OTLP_HTTP_PORT')
    const otlpGrpc = await listen((address) => grpc.listen(address), config, 'MONITORING_OTLP_GRPC_PORT')
    api = await listen((address) => listenHttp(app, address), config, 'MONITORING_API_PORT')
    const signIn = signInUrl(reachable(), await sessions.issueLink())
    return { addresses: { api, otlpHttp, otlpGrpc, signIn, sdk: `${reachable()}${sdkPath}` }, stop }
  } catch (error) {
    await stop().catch((fault: unknown) => log.error({ err: fault }, 'stopping failed'))
    throw error
  }
}

/** A link that signs a browser in at the server that runs with the same settings. */
export async function newSignInLink(config: Config): Promise<string> {
  const database = await openDatabase(config)
  try {
    const { MONITORING_PUBLIC_URL: publicUrl, MONITORING_HOST: host, MONITORING_API_PORT: port } = config
    const address = publicUrl?.replace(/\/$/, '') ?? addressOf(host, port)
    return signInUrl(address, await openSessions(config, database).issueLink())
  } finally {
    await database.destroy()
  }
}

function openSessions(config: Config, database: Database): Sessions {
  const key = deriveKey(loadSecretKey(config.MONITORING_SECRET_KEY, config.MONITORING_DATA_DIR), 'tokens')
  return new Sessions(database, key)
}

interface Address {
  readonly host: string
  readonly port: number
}

/**
 * @param open starts listening there, and tells the port
 * @returns the address that this machine reaches it at
 */
async function listen(
  open: (address: Address) => Promise<number>,
  config: Config,
  portName: 'MONITORING_API_PORT' | 'MONITORING_OTLP_HTTP_PORT' | 'MONITORING_OTLP_GRPC_PORT',
): Promise<string> {
  const host = config.MONITORING_HOST
  const port = await open({ host, port: config[portName] }).catch((error: unknown) => {
    if (!(error instanceof Error && /EADDRINUSE/.test(`${'code' in error ? error.code : ''} ${error.message}`)))
      throw error
    throw new Error(`Port ${config[portName]} on ${host} is taken by another program; choose another with ${portName}.`)
  })
  return addressOf(host, port)
}

/** The address that this machine reaches a server at. */
function addressOf(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::'
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
}

async function listenHttp(app: FastifyInstance, address: Address): Promise<number> {
  await app.listen(address)
  return (app.server.address() as AddressInfo).port
}
