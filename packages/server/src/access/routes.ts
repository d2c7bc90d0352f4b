import { sessionParams, sessionsResponse, signInLink } from '@burstlet/contract/sessions'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { ApiError } from '../http/errors/api-error.ts'
import { zodRoutes } from '../http/openapi/zod-routes.ts'
import { principalOf } from './principal.ts'
import type { Sessions } from './sessions.ts'
import { principalOfSession } from './sign-in.ts'

const tags = ['access']

export interface SessionsOptions {
  readonly sessions: Sessions
  /** Where the page is reached, without a slash at its end. */
  readonly address: () => string
}

/** Who is signed in. */
export async function sessionsRoutes(instance: FastifyInstance, { sessions, address }: SessionsOptions): Promise<void> {
  const app = zodRoutes(instance)

  app.get(
    '/sessions',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'listSessions',
        tags,
        summary: 'Browsers that are signed in, the newest first',
        response: { 200: sessionsResponse },
      },
    },
    async (request) => ({
      items: (await sessions.list()).map(({ id, createdAt, expiresAt, userAgent }) => ({
        id,
        createdAt: new Date(createdAt).toISOString(),
        expiresAt: new Date(expiresAt).toISOString(),
        userAgent,
        current: principalOfSession({ id }).id === principalOf(request).id,
      })),
      nextCursor: null,
    }),
  )

  app.delete(
    '/sessions/:id',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'endSession',
        tags,
        summary: 'Sign a browser out',
        description: 'Its next request is refused, whichever process answers it.',
        params: sessionParams,
        response: { 204: z.null().describe('It has ended') },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      if (!(await sessions.end(id))) throw new ApiError('NOT_FOUND', `There is no session ${id}.`)
      reply.code(204)
      return null
    },
  )

  app.post(
    '/sign-in-links',
    {
      config: { scope: 'admin' },
      schema: {
        operationId: 'createSignInLink',
        tags,
        summary: 'A link that signs one browser in, good for a quarter of an hour',
        response: { 201: signInLink },
      },
    },
    async (_request, reply) => {
      reply.code(201)
      return { url: signInUrl(address(), await sessions.issueLink()) }
    },
  )
}

/** Where a browser gets its session. */
export function signInUrl(address: string, token: string): string {
  return `${address}/sign-in?token=${token}`
}
