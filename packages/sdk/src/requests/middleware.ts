import { type Identity, requestOf } from './request-state.ts'

/** What a service knows of its requests and instrumentation cannot. `Request` is the framework's own. */
export type RequestOptions<Request> = {
  /**
   * Who a request is made for. Asked when the response is done, so whatever authentication has put on the request by then is
   * there. The trace of every request is then found by `user.id` and `session.id`.
   */
  identify?: (request: Request) => Identity | undefined
  /** Milliseconds that these requests may take; see `requests.budgets` of the configuration for budgets by route. */
  budgetMs?: number
}

/** Gives the request that is being served its options. */
export function applyOptions<Request>(request: Request, { identify, budgetMs }: RequestOptions<Request>): void {
  const state = requestOf()
  if (state === undefined) return
  if (identify !== undefined) state.finders.push(() => identify(request))
  if (budgetMs !== undefined) state.budgetMs = budgetMs
}
