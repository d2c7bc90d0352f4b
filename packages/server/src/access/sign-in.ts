import type { FastifyInstance, FastifyRequest } from 'fastify'
import { defaultSpace } from '../config/default-space.ts'
import { allScopes, type Principal } from './principal.ts'
import { type Session, type Sessions, sessionSeconds } from './sessions.ts'

const sessionCookie = 'burstlet_session'

export interface SignInOptions {
  readonly sessions: Sessions
  /** Whether browsers reach the page by HTTPS only. */
  readonly isSecure: boolean
}

/** `GET /sign-in`: gives a browser its session for a sign-in link. Needs the plugin for cookies. */
export async function signInRoute(app: FastifyInstance, { sessions, isSecure }: SignInOptions): Promise<void> {
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
      secure: isSecure,
      maxAge: sessionSeconds,
    })
    return reply.redirect('/')
  })
}

/** The session of the browser that asks; undefined when it is not signed in. */
export function sessionOf(request: FastifyRequest, sessions: Sessions): Promise<Session | undefined> {
  return sessions.find(request.cookies[sessionCookie])
}

/** Whoever has opened a sign-in link may do everything, until there are accounts. */
export function principalOfSession({ id }: Pick<Session, 'id'>): Principal {
  return { id: `session:${id}`, kind: 'session', space: defaultSpace, role: 'admin', scopes: allScopes }
}
