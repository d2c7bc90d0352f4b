import { randomUUID } from 'node:crypto'
import { constants } from 'node:zlib'
import compress, { type FastifyCompressOptions } from '@fastify/compress'
import { serializerCompiler, validatorCompiler } from '@fastify/type-provider-zod'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { type ApiGuardOptions, apiGuard } from './access/api-guard.ts'
import { sessionsRoutes } from './access/routes.ts'
import { sessionOf } from './access/sign-in.ts'
import { annotationsRoutes } from './features/annotations/routes.ts'
import { customMetricsRoutes } from './features/custom-metrics/routes.ts'
import { errorGroupsRoutes } from './features/errors/routes.ts'
import { fieldsRoutes } from './features/fields/routes.ts'
import { type HealthOptions, healthRoutes, readHealth } from './features/health/routes.ts'
import { ingestStatusRoutes, type StorageStatus } from './features/ingest-status/routes.ts'
import { logsRoutes } from './features/logs/routes.ts'
import { metricsRoutes } from './features/metrics/routes.ts'
import { overviewRoutes } from './features/overview/routes.ts'
import { pageTelemetryPath, pageTelemetryRoutes } from './features/page-telemetry/routes.ts'
import { queryRoutes } from './features/query/routes.ts'
import { serviceMapRoutes } from './features/service-map/routes.ts'
import { servicesRoutes } from './features/services/routes.ts'
import { sourceMapsRoutes } from './features/source-maps/routes.ts'
import type { SourceMaps } from './features/source-maps/source-maps.ts'
import { sqlRoutes } from './features/sql/routes.ts'
import { tracesRoutes } from './features/traces/routes.ts'
import { answerClientProblem, problemDetails } from './http/errors/problem-details.ts'
import { openapi } from './http/openapi/openapi.ts'
import { page } from './http/page/page.ts'
import { sdkPackage } from './http/page/sdk-package.ts'
import type { Receiver } from './ingest/receiver.ts'
import type { DeadLetterOrders } from './ingest/reports/orders.ts'
import type { IngestReports } from './ingest/reports/reports.ts'
import { QueryGuard } from './querying/context/query-guard.ts'
import { explainQueryError } from './querying/statements/explain-query-error.ts'
import type { ClickhouseReader } from './storage/clickhouse/reader.ts'
import type { RetentionDays } from './storage/clickhouse/retention.ts'
import type { Database } from './storage/database/database.ts'

export interface AppOptions {
  readonly reader: ClickhouseReader
  readonly database: Database
  readonly sourceMaps: SourceMaps
  /** What queries look back to at most; that of a fresh installation when unset. */
  readonly retention?: RetentionDays
  /** What questions of any shape are bounded by; the usual when unset, nothing at all for a test of what they read. */
  readonly queryGuard?: QueryGuard | 'none'
  readonly health: HealthOptions
  readonly guard: ApiGuardOptions
  /** Where the page is reached, for links to it; what it listens on when unset. */
  readonly address?: () => string
  /** What takes telemetry in, to be asked how it is. */
  readonly receiver?: Receiver
  /** What this process and others say of what they took in. */
  readonly reports?: IngestReports
  /** By which other processes do what this one cannot do to their spools. */
  readonly orders?: DeadLetterOrders
  /** What `receiver` stores on. */
  readonly storage?: StorageStatus
  /** Where OTLP/HTTP is received, so that the page can say it. */
  readonly otlpHttpPort?: () => number | undefined
  readonly log: FastifyBaseLogger
  /** Of the built page; its usual place when unset. */
  readonly pageFolder?: string
  /** Whether the page of someone who is signed in sends telemetry of its own to `receiver`. */
  readonly pageTelemetry?: boolean
}

export const apiPrefix = '/api/v1/monitoring'

/**
 * How answers are compressed. Brotli at the level that costs as much as gzip; files of the page come with forms that its
 * build compressed. Bodies of requests are left alone: none of the API's is large, and a bomb is nobody's need.
 */
const compression: FastifyCompressOptions = {
  threshold: 1024,
  encodings: ['br', 'gzip'],
  brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  globalDecompression: false,
}

/** The REST API and the page: every part of it, in order. Not listening yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    reader,
    database,
    sourceMaps,
    retention,
    queryGuard,
    health,
    guard,
    receiver,
    reports,
    orders,
    storage,
    otlpHttpPort,
    log,
    pageFolder,
  } = options
  const address = options.address ?? (() => guard.publicUrl?.replace(/\/$/, '') ?? app.listeningOrigin)
  const pageReceiver = options.pageTelemetry ? receiver : undefined
  const queries = {
    reader,
    ...(retention && { retention }),
    ...(queryGuard !== 'none' && { guard: queryGuard ?? new QueryGuard(undefined, reader) }),
    sourceMaps,
  }
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: 30_000,
    bodyLimit: 1024 * 1024,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientProblem,
    genReqId: () => randomUUID(),
    // A name of a service has 1024 characters, each of up to twelve bytes when it is encoded.
    routerOptions: { maxParamLength: 12_288 },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  problemDetails(app, explainQueryError)
  await app.register(compress, compression)
  await app.register(apiGuard, guard)
  await app.register(openapi)
  await app.register(
    async (api) => {
      await api.register(healthRoutes, health)
      await api.register(overviewRoutes, {
        ...queries,
        health: () => readHealth(health),
        ...(otlpHttpPort && { otlpHttpPort }),
      })
      await api.register(servicesRoutes, queries)
      await api.register(serviceMapRoutes, queries)
      await api.register(errorGroupsRoutes, queries)
      await api.register(tracesRoutes, queries)
      await api.register(logsRoutes, queries)
      await api.register(metricsRoutes, queries)
      await api.register(queryRoutes, queries)
      await api.register(annotationsRoutes, { database })
      await api.register(sourceMapsRoutes, { sourceMaps })
      await api.register(fieldsRoutes, queries)
      await api.register(sqlRoutes, queries)
      await api.register(sessionsRoutes, { sessions: guard.sessions, address })
      await api.register(customMetricsRoutes, { ...queries, ...(receiver && { intake: receiver }) })
      await api.register(ingestStatusRoutes, {
        ...(receiver && { receiver }),
        ...(reports && { reports }),
        ...(orders && { orders }),
        ...(storage && { storage }),
      })
      if (pageReceiver) await api.register(pageTelemetryRoutes, { receiver: pageReceiver })
    },
    { prefix: apiPrefix },
  )
  await app.register(sdkPackage)
  await app.register(page, {
    ...(pageFolder !== undefined && { folder: pageFolder }),
    ...(pageReceiver && {
      telemetry: async (request) =>
        (await sessionOf(request, guard.sessions)) ? `${apiPrefix}${pageTelemetryPath}` : undefined,
    }),
  })
  return app
}
