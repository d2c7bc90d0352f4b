import { createRequire } from 'node:module'

export const requireHere = createRequire(import.meta.url)

/** In the workspace the sources run; the package holds each of these as one CommonJS file, which Node loads fastest. */
export const fromSource = import.meta.url.endsWith('.ts')

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
