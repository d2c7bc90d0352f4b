import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { isLoopbackHost } from '../config/loopback.ts'
import { ApiError } from '../errors/api-error.ts'
import type { KeyRing } from './key-ring.ts'
import { Tokens } from './tokens.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Tenant of the caller; every query is bounded to it. */
    space: string
  }
  interface FastifyContextConfig {
    /** Answers without a key or a session. */
    public?: boolean
    /** Answers under any name of this machine: nothing in it is anybody's. */
    anyHost?: boolean
  }
}

export interface ApiGuardOptions {
  readonly keys: KeyRing
  readonly tokens: Tokens
  /** Address under which people reach the page, when it is not loopback. */
  readonly publicUrl: string | undefined
}

const sessionCookie = 'burstlet_session'

/** Lets only known hosts, keys and sessions in, and gives out the session for a sign-in link. */
export const apiGuard = fastifyPlugin(async (app: FastifyInstance, options: ApiGuardOptions) => {
  const { keys, tokens, publicUrl } = options
  const publicHost = publicUrl && new URL(publicUrl).host
  await app.register(cookie)
  app.decorateRequest('space', 'default')

  app.addHook('onRequest', async (request) => {
    const { host, authorization } = request.headers
    // A page whose name an attacker's DNS points here would otherwise read answers as its own.
    if (!request.routeOptions.config.anyHost && !isLoopbackHost(host) && host !== publicHost) {
      throw new ApiError('MISDIRECTED_REQUEST', `Host "${host ?? ''}" is not served here; set MONITORING_PUBLIC_URL.`)
    }
    if (request.routeOptions.config.public || request.is404) return
    if (authorization !== undefined) {
      if (keys.isAdmin(authorization)) return
      throw new ApiError('UNAUTHENTICATED', 'The key is not valid.')
    }
    if (isForeignWrite(request, publicHost) || !(await hasSession(request, tokens))) {
      throw new ApiError(
        'UNAUTHENTICATED',
        'Open the sign-in link that the server printed, or send a key as "Authorization: Bearer KEY".',
      )
    }
  })

  app.get('/sign-in', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    const { token } = request.query as { token?: unknown }
    // The page shows a person without a session how to get in; a problem document would not.
    if (typeof token !== 'string' || !(await tokens.isValid('sign-in', token))) return reply.redirect('/')
    reply.setCookie(sessionCookie, await tokens.issue('session'), {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: publicUrl?.startsWith('https:') ?? false,
      maxAge: Tokens.lifetimeSeconds('session'),
    })
    // The token stays out of the Referer and out of the browser's view.
    return reply.header('referrer-policy', 'no-referrer').redirect('/')
  })
})

/** Whether the request comes from a browser that is signed in. */
export function hasSession(request: FastifyRequest, tokens: Tokens): Promise<boolean> {
  return tokens.isValid('session', request.cookies[sessionCookie])
}

/** Browsers send Origin with every request that changes something; a cookie of ours must not serve another page. */
function isForeignWrite(request: FastifyRequest, publicHost: string | undefined): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false
  const { origin, host } = request.headers
  if (origin === undefined) return true
  const originHost = URL.canParse(origin) ? new URL(origin).host : undefined
  return originHost !== host && originHost !== publicHost
}
