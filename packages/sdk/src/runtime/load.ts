import { createRequire } from 'node:module'

const requireHere = createRequire(import.meta.url)

/** In the workspace the sources run; the package holds each of these as one CommonJS file, which Node loads fastest. */
const fromSource = import.meta.url.endsWith('.ts')

/** All of OpenTelemetry hangs on this module, so it is loaded only once something really starts. */
export function loadStart(): typeof import('./start.ts') {
  return requireHere(fromSource ? './start.ts' : './start.cjs') as typeof import('./start.ts')
}

/** zod takes as long to load as an exporter; a service without a configuration object does without it. */
export function loadValidation(): typeof import('../config/validate.ts') {
  return requireHere(fromSource ? '../config/validate.ts' : './validate.cjs') as typeof import('../config/validate.ts')
}

/** Loads an OpenTelemetry package at the moment it is needed. */
export function loadPackage<T>(name: string): T {
  return requireHere(name) as T
}

/** Our own instrumentations, each loaded with the package that it is for. */
type Integrations = {
  'http-server': typeof import('../integrations/http-server.ts')
  fastify: typeof import('../integrations/fastify.ts')
  sqlite: typeof import('../integrations/sqlite.ts')
  winston: typeof import('../integrations/winston.ts')
  host: typeof import('../host/instrumentation.ts')
}

const SOURCES: Record<keyof Integrations, string> = {
  'http-server': '../integrations/http-server.ts',
  fastify: '../integrations/fastify.ts',
  sqlite: '../integrations/sqlite.ts',
  winston: '../integrations/winston.ts',
  host: '../host/instrumentation.ts',
}

export function loadIntegration<Name extends keyof Integrations>(name: Name): Integrations[Name] {
  return requireHere(fromSource ? SOURCES[name] : `./integration-${name}.cjs`) as Integrations[Name]
}
