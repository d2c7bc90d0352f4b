import type { FastifyReply, FastifyRequest } from 'fastify'

/** How long an answer that has no end of its own goes on for somebody who may no longer ask for it. */
const everyMs = 5000

/** Aborts once the principal of a request would no longer be let in: its session has ended, or its key. */
export function whilePermitted(request: FastifyRequest, reply: FastifyReply): AbortSignal {
  const ended = new AbortController()
  const timer = setInterval(async () => {
    if (await request.isStillPermitted().catch(() => false)) return
    clearInterval(timer)
    ended.abort()
  }, everyMs)
  reply.raw.once('close', () => clearInterval(timer))
  return ended.signal
}
