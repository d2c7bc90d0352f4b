import { ApiError, createClient, type OperationArguments } from '@burstlet/monitoring/client'
import type { Exactly, OperationName, Query, Response, Rest } from './operations.ts'

export { ApiError }

const client = createClient({ url: location.origin })

/**
 * Calls an operation of the API, with the session's cookie. Paths, parameters and responses are those of docs/openapi.json.
 * @throws ApiError on any status but 2xx, and with status 0 when no response of the API came; AbortError when aborted.
 */
export async function request<Name extends OperationName, Given extends Query<Name>>(
  name: Name,
  query: Exactly<Query<Name>, Given>,
  ...[rest]: Record<never, never> extends Rest<Name> ? [rest?: Rest<Name>] : [rest: Rest<Name>]
): Promise<Response<Name>> {
  return await requestUnchecked(name, query, rest)
}

/** {@link request} for the hooks, which check the query that they are given and add the page's range. */
export async function requestUnchecked<Name extends OperationName>(
  name: Name,
  query: object,
  rest: object = {},
): Promise<Response<Name>> {
  const input = [{ ...rest, query }] as unknown as OperationArguments<Name>
  try {
    const response: unknown = await client[name](...input)
    // A proxy's sign-in page has status 200, too.
    if (typeof response === 'string') {
      throw new ApiError(0, { code: 'NOT_THE_API', detail: 'What answered is not the API.' })
    }
    return response as Response<Name>
  } catch (error) {
    throw forReaders(error)
  }
}

/** The error with a code and a detail, also where the API did not write them. */
function forReaders(error: unknown): unknown {
  if (error instanceof DOMException && error.name === 'AbortError') return error
  if (!(error instanceof ApiError)) {
    return new ApiError(0, { code: 'UNREACHABLE', detail: 'The server does not answer. It may be restarting.' })
  }
  if (error.detail !== '') return error
  return new ApiError(error.status, { code: `HTTP_${error.status}`, detail: `The server answered ${error.status}.` })
}
