import { notice } from '../runtime/notice.ts'
import { type Identity, requestOf } from './request-state.ts'

/** What a service knows of its requests and instrumentation cannot. `Request` is the framework's own. */
export interface RequestOptions<Request> {
  /**
   * Who a request is made for. Asked when the response is done, so whatever authentication has put on the request by then is
   * there. The trace of every request is then found by `user.id` and `session.id`.
   */
  identify?: (request: Request) => Identity | undefined
  /** Milliseconds that these requests may take; see `requests.budgets` of the configuration for budgets by route. */
  budgetMs?: number
}

/**
 * What of the options can be used. They are written in JavaScript too, where they may be left out or be anything: what makes no
 * sense is said in one line, once, and no request suffers from it.
 */
export function checkedOptions<Request>(options: RequestOptions<Request> | null | undefined): RequestOptions<Request> {
  if (options === undefined || options === null) return {}
  const checked: RequestOptions<Request> = {}
  const problems: string[] = []
  try {
    if (typeof options !== 'object') problems.push(`options are an object, not ${typeof options}`)
    const { identify, budgetMs, ...others } = options
    if (typeof identify === 'function') checked.identify = identify
    else if (identify !== undefined) problems.push('identify is a function')
    if (typeof budgetMs === 'number' && budgetMs >= 0) checked.budgetMs = budgetMs
    else if (budgetMs !== undefined) problems.push('budgetMs is a number of milliseconds')
    // Fastify adds its own.
    const unknown = Object.keys(others).filter((key) => !ofFastify.has(key))
    if (unknown.length > 0 && typeof options === 'object') problems.push(`there is no ${unknown.join(', ')}`)
  } catch {
    problems.push('options cannot be read')
  }
  if (problems.length > 0) notice(`requestMonitoring: not used: ${problems.join('; ')}`)
  return checked
}

const ofFastify = new Set(['prefix', 'logLevel', 'logSerializers'])

/** Gives the request that is being served its options. */
export function applyOptions<Request>(request: Request, { identify, budgetMs }: RequestOptions<Request>): void {
  const state = requestOf()
  if (state === undefined) return
  if (identify !== undefined) state.finders.push(() => identify(request))
  if (budgetMs !== undefined) state.budgetMs = budgetMs
}
