import type { Scope } from '@burstlet/contract/access'
import type { FastifyInstance, RouteOptions } from 'fastify'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The scope that a principal needs. */
    scope?: Scope
    /** Answers without a principal. Every route has either this or a scope. */
    public?: true
    /** Answers under any name of this machine: nothing in it is anybody's. */
    anyHost?: boolean
  }
}

/**
 * Refuses to start `app` when one of the routes that are registered from now on says neither which scope it needs nor that it is
 * public, or says both. They are looked at when all are there, since the routes of a library get their scope after this hook.
 */
export function requireRouteAccess(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => {
    routes.push(route)
  })
  app.addHook('onReady', async () => {
    const undecided = routes.filter(({ config }) => (config?.scope === undefined) === (config?.public !== true))
    if (undecided.length === 0) return
    const names = undecided.map(({ method, url }) => `${[method].flat().join(', ')} ${url}`)
    throw new Error(
      `A route has either config: { scope } or config: { public: true }. These have neither or both: ${names.join('; ')}.`,
    )
  })
}
