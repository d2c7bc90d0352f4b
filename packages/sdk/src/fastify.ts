// The public face of @burstlet/monitoring/fastify: for Fastify 4 and 5, and NestJS on Fastify.
import { health } from './health/health.ts'
import { applyOptions, checkedOptions, type RequestOptions } from './requests/middleware.ts'

export type { RequestOptions } from './requests/middleware.ts'
export type { Identity } from './requests/request-state.ts'

type Done = (error?: Error) => void
type Hook<Request> = (request: Request, reply: unknown, done: Done) => void

/** The few words of Fastify that are needed. Its errors need no plugin: they are recorded in any case. */
export interface FastifyLike<Request> {
  /** Fastify's own. */
  addHook(name: 'onRequest', hook: Hook<Request>): unknown
}
/** The few words of Fastify's reply that are needed. */
export interface ReplyLike {
  /** Fastify's own. */
  code(status: number): {
    /** Fastify's own. */
    send(payload: unknown): unknown
  }
}

/**
 * A plugin that adds to each request what instrumentation cannot know: for whom it is made, and how long it may take.
 *
 * @example await app.register(requestMonitoring, { identify: (request) => ({ user: request.user?.id }) })
 */
export function requestMonitoring<Request = unknown>(
  fastify: FastifyLike<Request>,
  options: RequestOptions<Request>,
  done: Done,
): void {
  const checked = checkedOptions(options)
  fastify.addHook('onRequest', (request, _reply, next) => {
    applyOptions(request, checked)
    next()
  })
  done()
}

// As fastify-plugin does: the hook holds for the routes beside it, not only for those inside.
Object.assign(requestMonitoring, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@burstlet/monitoring',
})

/** Answers with the checks of `health`: `app.get('/health', healthRoute)`. 503 when one is unhealthy. */
export async function healthRoute(_request: unknown, reply: ReplyLike): Promise<unknown> {
  const report = await health.report()
  return reply.code(report.status === 'unhealthy' ? 503 : 200).send(report)
}
