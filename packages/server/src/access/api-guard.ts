import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { defaultSpace } from '../config/default-space.ts'
import { isLoopbackHost } from '../config/loopback.ts'
import { ApiError } from '../http/errors/api-error.ts'
import { isForeignWrite } from './foreign-write.ts'
import type { KeyRing } from './key-ring.ts'
import { type Session, type Sessions, sessionSeconds } from './sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Tenant of the caller; every query is bounded to it. Empty until the caller is known. */
    space: string
    /** Of the browser that asks; undefined when a program does. */
    sessionId: string | undefined
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
  readonly sessions: Sessions
  /** Address under which people reach the page, when it is not loopback. */
  readonly publicUrl: string | undefined
}

const sessionCookie = 'burstlet_session'

/** Lets only known hosts, keys and sessions in, and gives out the session for a sign-in link. */
export const apiGuard = fastifyPlugin(async (app: FastifyInstance, options: ApiGuardOptions) => {
  const { keys, sessions, publicUrl } = options
  const { host: publicHost, origin: publicOrigin } = publicUrl ? new URL(publicUrl) : {}
  await app.register(cookie)
  app.decorateRequest('space', '')
  app.decorateRequest('sessionId', undefined)
  // What a form of another page can send, and no client of ours does.
  app.removeContentTypeParser('text/plain')

  app.addHook('onRequest', async (request) => {
    const { host, authorization } = request.headers
    // A page whose name an attacker's DNS points here would otherwise read answers as its own.
    if (!request.routeOptions.config.anyHost && !isLoopbackHost(host) && host !== publicHost) {
      throw new ApiError('MISDIRECTED_REQUEST', `Host "${host ?? ''}" is not served here; set MONITORING_PUBLIC_URL.`)
    }
    if (request.routeOptions.config.public || request.is404) return
    if (authorization !== undefined) {
      const space = keys.apiSpaceOf(authorization)
      if (space === undefined) throw new ApiError('UNAUTHENTICATED', 'The key is not valid.')
      request.space = space
      return
    }
    const session = isForeignWrite(request, publicOrigin) ? undefined : await sessionOf(request, sessions)
    if (!session) {
      throw new ApiError(
        'UNAUTHENTICATED',
        'Open the sign-in link that the server printed, or send a key as "Authorization: Bearer KEY".',
      )
    }
    request.space = defaultSpace
    request.sessionId = session.id
  })

  app.get('/sign-in', { config: { public: true }, schema: { hide: true } }, async (request, reply) => {
    const { token } = request.query as { token?: unknown }
    const opened =
      typeof token === 'string' ? await sessions.open(token, request.headers['user-agent'] ?? '') : undefined
    // The token stays out of the Referer and out of the browser's view.
    reply.header('referrer-policy', 'no-referrer').header('cache-control', 'no-store')
    if (opened === undefined) {
      // Whoever opens the link a second time in the same browser is in; the page tells others how to get in, which a problem
      // document would not.
      return reply.redirect((await sessionOf(request, sessions)) ? '/' : '/?signInLink=used')
    }
    reply.setCookie(sessionCookie, opened, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: publicUrl?.startsWith('https:') ?? false,
      maxAge: sessionSeconds,
    })
    return reply.redirect('/')
  })
})

/** Of the browser that asks; undefined when it is not signed in. */
export function sessionOf(request: FastifyRequest, sessions: Sessions): Promise<Session | undefined> {
  return sessions.find(request.cookies[sessionCookie])
}
