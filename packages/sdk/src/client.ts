// The public face of @burstlet/monitoring/client: the REST API, typed. It needs nothing but fetch, so it runs in browsers too.
import { type Operations, operations } from './client/generated/operations.ts'

export type * from './client/generated/types.gen.ts'

/** Where the API is and how to be let in. */
export type ClientOptions = {
  /** `http://127.0.0.1:3300`, without a path. */
  url: string
  /** Sent as a bearer token. Without one, cookies decide, as in a signed-in browser. */
  apiKey?: string
  /** Another fetch, for tests or proxies. */
  fetch?: typeof fetch
}

type Data<Name extends keyof Operations> = Pick<
  Operations[Name]['data'],
  Exclude<keyof Operations[Name]['data'], 'url'>
> & { signal?: AbortSignal }
type Success<Responses> = Responses extends { 200: infer Body } ? Body : Responses[keyof Responses]
type Answer<Name extends keyof Operations> = Promise<Success<Operations[Name]['answer']>>
type Needs<Name extends keyof Operations> = Operations[Name]['data'] extends { path: object }
  ? [data: Data<Name>]
  : [data?: Data<Name>]

/** One method for each operation of the API: `client.searchTraces({ query: { service: 'shop' } })`. */
export type MonitoringClient = { readonly [Name in keyof Operations]: (...data: Needs<Name>) => Answer<Name> }

/** What the API answers instead of a result. `code` is one of the API's table, `detail` is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly detail: string
  /** The whole body. */
  readonly problem: unknown

  constructor(status: number, problem: unknown) {
    const { code, detail, title } = (typeof problem === 'object' && problem !== null ? problem : {}) as ProblemFields
    super(`${status} ${title ?? code ?? ''}${detail === undefined ? '' : `: ${detail}`}`.trim())
    this.status = status
    this.code = code ?? ''
    this.detail = detail ?? ''
    this.problem = problem
  }
}

type ProblemFields = { code?: string; detail?: string; title?: string }
type Request = {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
}

/**
 * Makes a client. Each method answers the body of a success and throws ApiError for anything else.
 *
 * @throws TypeError when `url` is none
 */
export function createClient(options: ClientOptions): MonitoringClient {
  const base = new URL(options.url)
  const methods = Object.entries(operations).map(([name, [method, path]]) => [
    name,
    (data: Request = {}) => call(options, method, urlOf(base, path, data), data),
  ])
  return Object.fromEntries(methods) as MonitoringClient
}

async function call(options: ClientOptions, method: string, url: URL, { body, signal }: Request): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.apiKey !== undefined) headers['authorization'] = `Bearer ${options.apiKey}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  const response = await (options.fetch ?? fetch)(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  })
  const text = await response.text()
  const answer = parsed(text)
  if (!response.ok) throw new ApiError(response.status, answer)
  return answer
}

function urlOf(base: URL, path: string, { path: values = {}, query = {} }: Request): URL {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new TypeError(`path.${name} is missing`)
    return encodeURIComponent(String(value))
  })
  const url = new URL(filled, base)
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null) url.searchParams.append(name, String(one))
    }
  }
  return url
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}
