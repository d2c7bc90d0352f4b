import { createRequire } from 'node:module'
import { withRequire } from './with-require.ts'

// As in load-start.ts: published is `require` of literals.
const require = createRequire(import.meta.url)

/** The file that this code is in; undefined inside of a bundle. */
export const installedAs: string | undefined = import.meta.filename

/** Every package of OpenTelemetry that is loaded only when it is needed. */
const packages = {
  '@opentelemetry/exporter-logs-otlp-grpc': () => require('@opentelemetry/exporter-logs-otlp-grpc'),
  '@opentelemetry/exporter-logs-otlp-http': () => require('@opentelemetry/exporter-logs-otlp-http'),
  '@opentelemetry/exporter-logs-otlp-proto': () => require('@opentelemetry/exporter-logs-otlp-proto'),
  '@opentelemetry/exporter-metrics-otlp-grpc': () => require('@opentelemetry/exporter-metrics-otlp-grpc'),
  '@opentelemetry/exporter-metrics-otlp-http': () => require('@opentelemetry/exporter-metrics-otlp-http'),
  '@opentelemetry/exporter-metrics-otlp-proto': () => require('@opentelemetry/exporter-metrics-otlp-proto'),
  '@opentelemetry/exporter-prometheus': () => require('@opentelemetry/exporter-prometheus'),
  '@opentelemetry/exporter-trace-otlp-grpc': () => require('@opentelemetry/exporter-trace-otlp-grpc'),
  '@opentelemetry/exporter-trace-otlp-http': () => require('@opentelemetry/exporter-trace-otlp-http'),
  '@opentelemetry/exporter-trace-otlp-proto': () => require('@opentelemetry/exporter-trace-otlp-proto'),
  '@opentelemetry/exporter-zipkin': () => require('@opentelemetry/exporter-zipkin'),
  '@opentelemetry/instrumentation-amqplib': () => require('@opentelemetry/instrumentation-amqplib'),
  '@opentelemetry/instrumentation-aws-sdk': () => require('@opentelemetry/instrumentation-aws-sdk'),
  '@opentelemetry/instrumentation-bunyan': () => require('@opentelemetry/instrumentation-bunyan'),
  '@opentelemetry/instrumentation-graphql': () => require('@opentelemetry/instrumentation-graphql'),
  '@opentelemetry/instrumentation-grpc': () => require('@opentelemetry/instrumentation-grpc'),
  '@opentelemetry/instrumentation-hapi': () => require('@opentelemetry/instrumentation-hapi'),
  '@opentelemetry/instrumentation-host-metrics': () => require('@opentelemetry/instrumentation-host-metrics'),
  '@opentelemetry/instrumentation-http': () => require('@opentelemetry/instrumentation-http'),
  '@opentelemetry/instrumentation-ioredis': () => require('@opentelemetry/instrumentation-ioredis'),
  '@opentelemetry/instrumentation-kafkajs': () => require('@opentelemetry/instrumentation-kafkajs'),
  '@opentelemetry/instrumentation-koa': () => require('@opentelemetry/instrumentation-koa'),
  '@opentelemetry/instrumentation-mongodb': () => require('@opentelemetry/instrumentation-mongodb'),
  '@opentelemetry/instrumentation-mongoose': () => require('@opentelemetry/instrumentation-mongoose'),
  '@opentelemetry/instrumentation-mysql': () => require('@opentelemetry/instrumentation-mysql'),
  '@opentelemetry/instrumentation-mysql2': () => require('@opentelemetry/instrumentation-mysql2'),
  '@opentelemetry/instrumentation-nestjs-core': () => require('@opentelemetry/instrumentation-nestjs-core'),
  '@opentelemetry/instrumentation-pg': () => require('@opentelemetry/instrumentation-pg'),
  '@opentelemetry/instrumentation-pino': () => require('@opentelemetry/instrumentation-pino'),
  '@opentelemetry/instrumentation-redis': () => require('@opentelemetry/instrumentation-redis'),
  '@opentelemetry/instrumentation-runtime-node': () => require('@opentelemetry/instrumentation-runtime-node'),
  '@opentelemetry/instrumentation-socket.io': () => require('@opentelemetry/instrumentation-socket.io'),
  '@opentelemetry/instrumentation-tedious': () => require('@opentelemetry/instrumentation-tedious'),
  '@opentelemetry/instrumentation-undici': () => require('@opentelemetry/instrumentation-undici'),
  '@opentelemetry/propagator-b3': () => require('@opentelemetry/propagator-b3'),
  '@opentelemetry/sdk-logs': () => require('@opentelemetry/sdk-logs'),
  '@opentelemetry/sdk-metrics': () => require('@opentelemetry/sdk-metrics'),
  '@opentelemetry/sdk-trace': () => require('@opentelemetry/sdk-trace'),
}

/** A package of OpenTelemetry that can be loaded. */
export type PackageName = keyof typeof packages

/** Our own instrumentations, each loaded with the package that it is for. */
const integrations = {
  'http-server': () => require('../integrations/http-server.ts') as typeof import('../integrations/http-server.ts'),
  express: () => require('../integrations/express.ts') as typeof import('../integrations/express.ts'),
  fastify: () => require('../integrations/fastify.ts') as typeof import('../integrations/fastify.ts'),
  sqlite: () => require('../integrations/sqlite.ts') as typeof import('../integrations/sqlite.ts'),
  winston: () => require('../integrations/winston.ts') as typeof import('../integrations/winston.ts'),
  host: () => require('../host/instrumentation.ts') as typeof import('../host/instrumentation.ts'),
}
type Integrations = { [Name in keyof typeof integrations]: ReturnType<(typeof integrations)[Name]> }

/** Loads an OpenTelemetry package at the moment it is needed. */
export function loadPackage<T>(name: PackageName): T {
  return withRequire(installedAs === undefined, packages[name] as () => T)
}

/** Loads one of our own instrumentations likewise. */
export function loadIntegration<Name extends keyof Integrations>(name: Name): Integrations[Name] {
  return withRequire(installedAs === undefined, integrations[name] as () => Integrations[Name])
}
