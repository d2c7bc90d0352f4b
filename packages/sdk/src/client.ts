// The public face of @burstlet/monitoring/client: the REST API, typed. It needs nothing but fetch, so it runs in browsers too.
import { type Operations, operations } from './client/generated/operations.ts'
import type { Problem } from './client/generated/types.gen.ts'

export type * from './client/generated/types.gen.ts'

/** Where the API is and how to be let in. */
export interface ClientOptions {
  /** `http://127.0.0.1:3300`, without a path. */
  url: string
  /** Sent as a bearer token. Without one, cookies decide, as in a signed-in browser. */
  apiKey?: string
  /** Another fetch, for tests or proxies. */
  fetch?: typeof fetch
}

/** The `operationId` of an operation of the API's document. */
export type OperationName = keyof Operations

type Data<Name extends OperationName> = Operations[Name]['data']

/** What an operation takes: `path`, `query` and `body` as its document has them, and a signal that aborts the request. */
export type OperationInput<Name extends OperationName> = {
  [Part in keyof Data<Name> as Exclude<Part, 'url'>]: Part extends 'query'
    ? AcceptsUndefined<Data<Name>[Part]>
    : Data<Name>[Part]
} & { signal?: AbortSignal | undefined }

/** A query parameter that is undefined is left out of the URL. */
type AcceptsUndefined<Query> = { [Parameter in keyof Query]: Query[Parameter] | undefined }

/** The body of a success. */
export type OperationResponse<Name extends OperationName> = Success<Operations[Name]['answer']>

type Success<Responses> = Responses extends { 200: infer Body } ? Body : Responses[keyof Responses]

/** The arguments of an operation's method: none are needed where nothing of its input is required. */
export type OperationArguments<Name extends OperationName> =
  Record<never, never> extends OperationInput<Name> ? [input?: OperationInput<Name>] : [input: OperationInput<Name>]

/** One method for each operation of the API: `client.searchTraces({ query: { service: 'shop' } })`. */
export type MonitoringClient = {
  readonly [Name in OperationName]: (...input: OperationArguments<Name>) => Promise<OperationResponse<Name>>
}

/** What the API answers instead of a result. `code` is one of the API's table, `detail` is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly detail: string
  /** The parameters or fields at fault. */
  readonly errors: readonly ProblemItem[]
  /** Names the request in the server's log; empty when the response has none. */
  readonly requestId: string
  /** The whole body. */
  readonly problem: unknown

  constructor(status: number, problem: unknown) {
    const { code, detail, title, errors, requestId } = (
      typeof problem === 'object' && problem !== null ? problem : {}
    ) as ProblemFields
    super(`${status} ${title ?? code ?? ''}${detail === undefined ? '' : `: ${detail}`}`.trim())
    this.status = status
    this.code = code ?? ''
    this.detail = detail ?? ''
    this.errors = errors ?? []
    this.requestId = requestId ?? ''
    this.problem = problem
  }
}

/** What is wrong with one parameter or field. */
export type ProblemItem = NonNullable<Problem['errors']>[number]

type ProblemFields = Partial<Pick<Problem, 'detail' | 'title' | 'errors' | 'requestId'>> & { code?: string }
interface Request {
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
