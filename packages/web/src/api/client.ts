const BASE = '/api/v1/monitoring'

/** A query parameter; what is undefined or empty is left out, since the server refuses empty ones. */
export type Params = Record<string, string | number | undefined>

/**
 * A refusal of the server (`application/problem+json`), or no answer at all (status 0).
 * `detail` is written for people; `fields` names the parameters at fault.
 */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly fields: readonly { path: string; message: string }[]
  readonly requestId: string | undefined

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`)
    this.name = 'ApiError'
    this.status = status
    this.code = problem.code ?? (status === 0 ? 'UNREACHABLE' : `HTTP_${status}`)
    this.fields = problem.errors ?? []
    this.requestId = problem.requestId
  }
}

type Problem = {
  code?: string
  title?: string
  detail?: string
  errors?: { path: string; message: string }[]
  requestId?: string
}

/**
 * Asks the API with the session's cookie.
 * @throws ApiError on any status but 2xx and when the server cannot be reached; AbortError when cancelled.
 */
export async function get<Answer>(path: string, params: Params, signal?: AbortSignal): Promise<Answer> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  const search = query.size > 0 ? `?${query}` : ''
  return await ask<Answer>(`${path}${search}`, signal ? { signal } : {})
}

/**
 * Changes something, with the session's cookie.
 * @throws ApiError on any status but 2xx and when the server cannot be reached
 */
export async function change<Answer>(method: 'POST' | 'DELETE', path: string): Promise<Answer> {
  return await ask<Answer>(path, { method })
}

async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
  let response: Response
  try {
    response = await fetch(`${BASE}${path}`, {
      headers: { accept: 'application/json' },
      credentials: 'same-origin',
      ...init,
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, { detail: 'The server does not answer. It may be restarting.' })
  }
  if (response.ok) return (await response.json()) as Answer
  throw new ApiError(response.status, await problemOf(response))
}

async function problemOf(response: Response): Promise<Problem> {
  if (!response.headers.get('content-type')?.includes('json')) return {}
  try {
    return (await response.json()) as Problem
  } catch {
    return {}
  }
}
