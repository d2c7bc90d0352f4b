import { isMainThread } from 'node:worker_threads'
import type { ResolvedConfig } from '@burstlet/contract/configuration'
import { context, diag, metrics } from '@opentelemetry/api'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { nameHttpPeers, nameUndiciPeers } from '../integrations/external-apis.ts'
import { maskCommand } from '../statements/command.ts'
import { isExporting } from './detached-export.ts'
import { listFromEnv } from './environment-values.ts'
import { installedAs, loadIntegration, loadPackage, type PackageName } from './load.ts'
import { hookModules, patchBuiltins, type Watch } from './module-hooks.ts'
import { notice } from './notice.ts'
import { watchVersions } from './unsupported.ts'

type Part = 'database' | 'redis' | 'system' | 'runtime'

interface Entry {
  /** The packages that it patches: it is loaded when the first of them is. None: it is loaded at the start. */
  modules?: string[]
  /** A class of `@opentelemetry/instrumentation-NAME`, unless it is an integration of our own. */
  name?: string
  create?: (config: ResolvedConfig) => Instrumentation
  /** Switched on and off by another one's name. */
  of?: string
  options?: (config: ResolvedConfig) => object
  part?: Part
}

/**
 * What is instrumented unless told otherwise: servers, clients, stores, queues and loggers whose spans a person reads.
 * Left out on purpose: fs, dns, net and connect, which describe machinery rather than work.
 * The keys are those of OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS.
 */
export const table: Record<string, Entry> = {
  http: {
    name: 'HttpInstrumentation',
    options: ({ services }) => ({
      ...nameHttpPeers(services.externalApis),
      disableIncomingRequestInstrumentation: true,
      // Neither a span nor a measurement: what carries telemetry is no work of the service.
      ignoreOutgoingRequestHook: () => isExporting(context.active()),
    }),
  },
  'http-server': {
    of: 'http',
    create: ({ requests }) => new (loadIntegration('http-server').HttpServerIntegration)(requests),
  },
  undici: { name: 'UndiciInstrumentation', options: ({ services }) => nameUndiciPeers(services.externalApis) },
  grpc: { name: 'GrpcInstrumentation', modules: ['@grpc/grpc-js'] },
  express: { create: () => new (loadIntegration('express').ExpressIntegration)(), modules: ['express'] },
  fastify: { create: () => new (loadIntegration('fastify').FastifyIntegration)() },
  koa: { name: 'KoaInstrumentation', modules: ['koa'], options: () => ({ ignoreLayersType: ['middleware'] }) },
  hapi: { name: 'HapiInstrumentation', modules: ['@hapi/hapi'] },
  'nestjs-core': { name: 'NestInstrumentation', modules: ['@nestjs/core'] },
  graphql: {
    name: 'GraphQLInstrumentation',
    modules: ['graphql'],
    options: () => ({ ignoreTrivialResolveSpans: true }),
  },
  'socket.io': { name: 'SocketIoInstrumentation', modules: ['socket.io'] },
  pg: { name: 'PgInstrumentation', modules: ['pg', 'pg-pool'], part: 'database' },
  mysql: { name: 'MySQLInstrumentation', modules: ['mysql'], part: 'database' },
  mysql2: { name: 'MySQL2Instrumentation', modules: ['mysql2'], part: 'database' },
  tedious: { name: 'TediousInstrumentation', modules: ['tedious'], part: 'database' },
  sqlite: {
    create: () => new (loadIntegration('sqlite').SqliteIntegration)(),
    modules: ['node:sqlite'],
    part: 'database',
  },
  mongodb: { name: 'MongoDBInstrumentation', modules: ['mongodb'], part: 'database' },
  mongoose: { name: 'MongooseInstrumentation', modules: ['mongoose'], part: 'database' },
  redis: {
    name: 'RedisInstrumentation',
    modules: ['redis', '@redis/client', '@node-redis/client'],
    options: () => ({ dbStatementSerializer: maskCommand }),
    part: 'redis',
  },
  ioredis: {
    name: 'IORedisInstrumentation',
    modules: ['ioredis'],
    options: () => ({ dbStatementSerializer: maskCommand }),
    part: 'redis',
  },
  kafkajs: { name: 'KafkaJsInstrumentation', modules: ['kafkajs'] },
  amqplib: { name: 'AmqplibInstrumentation', modules: ['amqplib'] },
  'aws-sdk': {
    name: 'AwsInstrumentation',
    modules: [
      ...['@aws-sdk/middleware-stack', '@smithy/middleware-stack'],
      ...['@smithy/core', '@aws-sdk/smithy-client', '@smithy/smithy-client'],
    ],
  },
  pino: { name: 'PinoInstrumentation', modules: ['pino'] },
  winston: { create: () => new (loadIntegration('winston').WinstonIntegration)(), modules: ['winston'] },
  bunyan: { name: 'BunyanInstrumentation', modules: ['bunyan'] },
  'host-metrics': {
    name: 'HostMetricsInstrumentation',
    options: () => ({ metricGroups: loadIntegration('host').hostMetricGroups }),
    part: 'system',
  },
  host: { create: () => new (loadIntegration('host').HostInstrumentation)(), part: 'system' },
  'runtime-node': { name: 'RuntimeNodeInstrumentation', part: 'runtime' },
}

/**
 * Starts what the configuration and the environment leave on: at once where it needs no package of the service, else when the
 * service loads that package. One that cannot start is reported and skipped.
 */
export function startInstrumentations(config: ResolvedConfig, startedBy: 'register' | 'init'): void {
  const enabled = listFromEnv('OTEL_NODE_ENABLED_INSTRUMENTATIONS')
  const disabled = listFromEnv('OTEL_NODE_DISABLED_INSTRUMENTATIONS')
  for (const name of [...enabled, ...disabled]) {
    if (table[name] === undefined || table[name].of !== undefined)
      notice(`OTEL_NODE_*_INSTRUMENTATIONS: there is no instrumentation ${name}.`)
  }
  const checkVersion = watchVersions()
  const byModule = new Map<string, Watch>()
  for (const [name, entry] of Object.entries(table)) {
    const listed = entry.of ?? name
    const named = (enabled.length === 0 || enabled.includes(listed)) && !disabled.includes(listed)
    if (!named || !isOn(entry, config)) continue
    const start = once(() => startOne(name, entry, config))
    if (entry.modules === undefined) start()
    for (const module of entry.modules ?? []) {
      const found = (url: string) => {
        const instrumentation = start()
        if (instrumentation !== undefined) checkVersion(module, url, instrumentation)
      }
      byModule.set(module, { before: start, found })
    }
  }
  hookModules(byModule)
  // `register` runs before anything else asks for them.
  if (startedBy === 'init' || installedAs === undefined) patchBuiltins()
}

function startOne(name: string, entry: Entry, config: ResolvedConfig): Instrumentation | undefined {
  try {
    const instrumentation = createInstrumentation(name, entry, config)
    // Some make their instruments only now.
    instrumentation.setMeterProvider(metrics.getMeterProvider())
    return instrumentation
  } catch (error) {
    diag.error(`The instrumentation of ${name} could not start:`, error)
    return undefined
  }
}

/** Makes an instrumentation; it is at work from its constructor on. */
export function createInstrumentation(name: string, entry: Entry, config: ResolvedConfig): Instrumentation {
  if (entry.create !== undefined) return entry.create(config)
  type Loaded = Record<string, new (options: object) => Instrumentation>
  const Constructor = loadPackage<Loaded>(`@opentelemetry/instrumentation-${name}` as PackageName)[entry.name ?? '']
  if (Constructor === undefined) throw new Error(`${entry.name} is not in its package`)
  return new Constructor(entry.options?.(config) ?? {})
}

function isOn({ part }: Entry, config: ResolvedConfig): boolean {
  if (part === 'database') return config.services.database
  if (part === 'redis') return config.services.redis
  // One thread speaks for host and process; the event loop and the heap are each thread's own.
  if (part === 'system') return config.metrics.system && isMainThread
  if (part === 'runtime') return config.metrics.system || config.metrics.application
  return true
}

function once<T>(action: () => T): () => T {
  let done: { result: T } | undefined
  return () => {
    done ??= { result: action() }
    return done.result
  }
}
