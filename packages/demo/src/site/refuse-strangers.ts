import type { FastifyInstance } from 'fastify'

/** What is passed on looks to the backend as if it came from this machine; so no page of elsewhere may send it. */
export function refuseStrangers(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ headers: { host = '', origin } }, reply) => {
    const isHere = /^(?:127\.0\.0\.1|localhost):\d+$/.test(host)
    if (!isHere || (origin !== undefined && origin !== `http://${host}`)) await reply.code(403).send()
  })
}
