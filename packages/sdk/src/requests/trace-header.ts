import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

type WriteHead = (status: number, reason?: unknown, headers?: unknown) => ServerResponse

/**
 * Lets a response tell its trace in a header. It is added at the last moment: a header that is there from the start makes Node
 * take the slow way for all others, and some frameworks take every header away when they answer an error.
 */
export function tellTrace(response: ServerResponse, name: string, traceId: string): void {
  const original = response.writeHead as WriteHead
  response.writeHead = function writeHeadWithTrace(this: ServerResponse, status: number, ...rest: unknown[]) {
    if (this.headersSent || this.hasHeader(name)) return original.call(this, status, ...rest)
    const given = typeof rest[0] === 'string' ? rest[1] : (rest[1] ?? rest[0])
    if (!isPlainHeaders(given)) this.setHeader(name, traceId)
    else if (!isNamed(given, name)) rest[rest.indexOf(given)] = { ...given, [name]: traceId }
    return original.call(this, status, ...rest)
  }
}

/** Node takes lists of names and values as well. */
function isPlainHeaders(given: unknown): given is OutgoingHttpHeaders {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
}

function isNamed(headers: OutgoingHttpHeaders, name: string): boolean {
  for (const key in headers) if (key.length === name.length && key.toLowerCase() === name) return true
  return false
}
