import { isMainThread } from 'node:worker_threads'
import { diag } from '@opentelemetry/api'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib'
import { AwsInstrumentation } from '@opentelemetry/instrumentation-aws-sdk'
import { BunyanInstrumentation } from '@opentelemetry/instrumentation-bunyan'
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express'
import { GraphQLInstrumentation } from '@opentelemetry/instrumentation-graphql'
import { GrpcInstrumentation } from '@opentelemetry/instrumentation-grpc'
import { HapiInstrumentation } from '@opentelemetry/instrumentation-hapi'
import { HostMetricsInstrumentation } from '@opentelemetry/instrumentation-host-metrics'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis'
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs'
import { KoaInstrumentation, KoaLayerType } from '@opentelemetry/instrumentation-koa'
import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb'
import { MongooseInstrumentation } from '@opentelemetry/instrumentation-mongoose'
import { MySQLInstrumentation } from '@opentelemetry/instrumentation-mysql'
import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2'
import { NestInstrumentation } from '@opentelemetry/instrumentation-nestjs-core'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino'
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis'
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node'
import { SocketIoInstrumentation } from '@opentelemetry/instrumentation-socket.io'
import { TediousInstrumentation } from '@opentelemetry/instrumentation-tedious'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import type { ResolvedConfig } from '../config/schema.ts'
import { HOST_METRIC_GROUPS, HostInstrumentation } from '../host/instrumentation.ts'
import { nameHttpPeers, nameUndiciPeers } from '../integrations/external-apis.ts'
import { FastifyIntegration } from '../integrations/fastify.ts'
import { SqliteIntegration } from '../integrations/sqlite.ts'
import { WinstonIntegration } from '../integrations/winston.ts'

type Entry = { create: (config: ResolvedConfig) => Instrumentation; part?: 'database' | 'redis' | 'system' | 'runtime' }

/**
 * What is instrumented unless told otherwise: servers, clients, stores, queues and loggers whose spans a person reads.
 * Left out on purpose: fs, dns, net and connect, which describe machinery rather than work.
 * The names are those of OTEL_NODE_ENABLED_INSTRUMENTATIONS and OTEL_NODE_DISABLED_INSTRUMENTATIONS.
 */
const TABLE: Record<string, Entry> = {
  http: { create: ({ services }) => new HttpInstrumentation(nameHttpPeers(services.externalApis)) },
  undici: { create: ({ services }) => new UndiciInstrumentation(nameUndiciPeers(services.externalApis)) },
  grpc: { create: () => new GrpcInstrumentation() },
  // One span for the handler; a span for each middleware says little and costs as much.
  express: {
    create: () =>
      new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE, ExpressLayerType.ROUTER] }),
  },
  fastify: { create: () => new FastifyIntegration() },
  koa: { create: () => new KoaInstrumentation({ ignoreLayersType: [KoaLayerType.MIDDLEWARE] }) },
  hapi: { create: () => new HapiInstrumentation() },
  'nestjs-core': { create: () => new NestInstrumentation() },
  graphql: { create: () => new GraphQLInstrumentation({ ignoreTrivialResolveSpans: true }) },
  'socket.io': { create: () => new SocketIoInstrumentation() },
  pg: { create: () => new PgInstrumentation(), part: 'database' },
  mysql: { create: () => new MySQLInstrumentation(), part: 'database' },
  mysql2: { create: () => new MySQL2Instrumentation(), part: 'database' },
  tedious: { create: () => new TediousInstrumentation(), part: 'database' },
  sqlite: { create: () => new SqliteIntegration(), part: 'database' },
  mongodb: { create: () => new MongoDBInstrumentation(), part: 'database' },
  mongoose: { create: () => new MongooseInstrumentation(), part: 'database' },
  redis: { create: () => new RedisInstrumentation(), part: 'redis' },
  ioredis: { create: () => new IORedisInstrumentation(), part: 'redis' },
  kafkajs: { create: () => new KafkaJsInstrumentation() },
  amqplib: { create: () => new AmqplibInstrumentation() },
  'aws-sdk': { create: () => new AwsInstrumentation() },
  pino: { create: () => new PinoInstrumentation() },
  winston: { create: () => new WinstonIntegration() },
  bunyan: { create: () => new BunyanInstrumentation() },
  'host-metrics': {
    create: () => new HostMetricsInstrumentation({ metricGroups: HOST_METRIC_GROUPS }),
    part: 'system',
  },
  host: { create: () => new HostInstrumentation(), part: 'system' },
  'runtime-node': { create: () => new RuntimeNodeInstrumentation(), part: 'runtime' },
}

/** Builds the instrumentations that the configuration and the environment leave on. One that cannot start is reported and skipped. */
export function createInstrumentations(config: ResolvedConfig): Instrumentation[] {
  const created: Instrumentation[] = []
  for (const [name, entry] of Object.entries(TABLE)) {
    if (!isOn(entry, config) || !isOnInEnvironment(name)) continue
    try {
      created.push(entry.create(config))
    } catch (error) {
      diag.error(`The instrumentation of ${name} could not start:`, error)
    }
  }
  return created
}

function isOn({ part }: Entry, config: ResolvedConfig): boolean {
  if (part === 'database') return config.services.database
  if (part === 'redis') return config.services.redis
  // One thread speaks for host and process; the event loop and the heap are each thread's own.
  if (part === 'system') return config.metrics.system && isMainThread
  if (part === 'runtime') return config.metrics.system || config.metrics.application
  return true
}

function isOnInEnvironment(name: string): boolean {
  const enabled = listOf('OTEL_NODE_ENABLED_INSTRUMENTATIONS')
  const disabled = listOf('OTEL_NODE_DISABLED_INSTRUMENTATIONS')
  return (enabled.length === 0 || enabled.includes(name)) && !disabled.includes(name)
}

function listOf(variable: string): string[] {
  return (process.env[variable] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
