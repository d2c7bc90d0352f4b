import type { Scope } from '@burstlet/contract/access'
import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { isLoopbackHost } from '../config/loopback.ts'
import { ApiError } from '../http/errors/api-error.ts'
import { isForeignWrite } from './foreign-write.ts'
import { type Principal, permits } from './principal.ts'
import { requireRouteAccess } from './route-access.ts'
import type { Sessions } from './sessions.ts'
import { principalOfSession, sessionOf, signInRoute } from './sign-in.ts'

/** Knows keys. */
export interface ApiKeys {
  /** Whose key an Authorization header carries; undefined when it carries none that is known. */
  principalOf(authorization: string): Principal | undefined
}

export interface ApiGuardOptions {
  readonly keys: ApiKeys
  readonly sessions: Sessions
  /** Address under which people reach the page, when it is not loopback. */
  readonly publicUrl: string | undefined
}

/** @throws ApiError FORBIDDEN unless the principal has the scope; a route that names none is closed to everybody */
function authorize(principal: Principal, needed: Scope | undefined): void {
  if (needed !== undefined && permits(principal, needed)) return
  const own = [...principal.scopes].join(', ') || 'none'
  throw new ApiError('FORBIDDEN', `The scope "${needed}" is missing; this ${principal.kind} has: ${own}.`)
}

/**
 * Lets only known hosts in, and only principals who have the scope of the route; refuses to start with a route that names none.
 * Gives out the session for a sign-in link.
 */
export const apiGuard = fastifyPlugin(async (app: FastifyInstance, options: ApiGuardOptions) => {
  const { keys, sessions, publicUrl } = options
  const { host: publicHost, origin: publicOrigin } = publicUrl ? new URL(publicUrl) : {}
  await app.register(cookie)
  app.decorateRequest('principal', undefined)
  requireRouteAccess(app)
  // What a form of another page can send, and no client of ours does.
  app.removeContentTypeParser('text/plain')

  app.addHook('onRequest', async (request) => {
    const { config } = request.routeOptions
    const { host } = request.headers
    // A page whose name an attacker's DNS points here would otherwise read answers as its own.
    if (!config.anyHost && !isLoopbackHost(host) && host !== publicHost) {
      throw new ApiError('MISDIRECTED_REQUEST', `Host "${host ?? ''}" is not served here; set MONITORING_PUBLIC_URL.`)
    }
    if (config.public || request.is404) return
    const principal = await authenticate(request)
    authorize(principal, config.scope)
    request.principal = principal
  })

  app.decorateRequest('isStillPermitted', async function isStillPermitted(this: FastifyRequest) {
    try {
      authorize(await authenticate(this), this.routeOptions.config.scope)
      return true
    } catch (error) {
      if (error instanceof ApiError) return false
      throw error
    }
  })

  async function authenticate(request: FastifyRequest): Promise<Principal> {
    const { authorization } = request.headers
    if (authorization !== undefined) {
      const principal = keys.principalOf(authorization)
      if (!principal) throw new ApiError('UNAUTHENTICATED', 'The key is not valid.')
      return principal
    }
    const session = isForeignWrite(request, publicOrigin) ? undefined : await sessionOf(request, sessions)
    if (session) return principalOfSession(session)
    throw new ApiError(
      'UNAUTHENTICATED',
      'Open the sign-in link that the server printed, or send a key as "Authorization: Bearer KEY".',
    )
  }

  await app.register(signInRoute, { sessions, isSecure: publicUrl?.startsWith('https:') ?? false })
})
