// The public face of @burstlet/monitoring/koa.
import { health } from './health/health.ts'
import { applyOptions, checkedOptions, type RequestOptions } from './requests/middleware.ts'
import { recordRequestError } from './requests/record-error.ts'

export type { RequestOptions } from './requests/middleware.ts'
export type { Identity } from './requests/request-state.ts'

/** The few words of Koa that are needed. */
export interface KoaContext {
  status: number
  body: unknown
  state: Record<string, unknown>
}

/**
 * Adds to each request what instrumentation cannot know, and records the error that fails it. Put it first.
 *
 * @example app.use(requestMonitoring({ identify: (context) => ({ user: context.state.user?.id }) }))
 */
export function requestMonitoring<Context extends KoaContext = KoaContext>(
  options?: RequestOptions<Context> | null,
): (context: Context, next: () => Promise<unknown>) => Promise<void> {
  const checked = checkedOptions(options)
  return async (context, next) => {
    applyOptions(context, checked)
    try {
      await next()
    } catch (error) {
      recordRequestError(error)
      throw error
    }
  }
}

/** Answers with the checks of `health`: `router.get('/health', healthRoute)`. 503 when one is unhealthy. */
export async function healthRoute(context: KoaContext): Promise<void> {
  const report = await health.report()
  context.status = report.status === 'unhealthy' ? 503 : 200
  context.body = report
}
