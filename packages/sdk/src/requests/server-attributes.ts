import type { IncomingMessage } from 'node:http'
import type { Attributes } from '@opentelemetry/api'
import { addressesOf } from './server-address.ts'

const knownMethods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY'])

/** A method as the conventions have it: what nobody knows is `_OTHER`. */
export function methodOf({ method = 'GET' }: IncomingMessage): string {
  return knownMethods.has(method) ? method : '_OTHER'
}

/** What a request tells about itself when it comes in, by the semantic conventions for HTTP servers, 1.27. */
export function serverAttributes(request: IncomingMessage, scheme: string): Attributes {
  const { socket } = request
  const { host, port, client } = addressesOf(request, scheme)
  const [path, query] = targetOf(request.url ?? '/')
  const method = methodOf(request)
  const attributes: Attributes = {
    'http.request.method': method,
    'url.scheme': scheme,
    'url.path': path,
    'network.protocol.version': request.httpVersion,
  }
  const userAgent = request.headers['user-agent']
  if (query !== undefined) attributes['url.query'] = query
  if (host !== undefined) attributes['server.address'] = host
  if (port !== undefined) attributes['server.port'] = port
  if (client !== undefined) attributes['client.address'] = client
  if (socket.remoteAddress !== undefined) attributes['network.peer.address'] = socket.remoteAddress
  if (socket.remotePort !== undefined) attributes['network.peer.port'] = socket.remotePort
  if (userAgent !== undefined) attributes['user_agent.original'] = userAgent
  if (method === '_OTHER' && request.method !== undefined) attributes['http.request.method_original'] = request.method
  return attributes
}

/** Path and query of a request's target. A proxy's client sends a whole URL. */
function targetOf(target: string): [path: string, query: string | undefined] {
  const url = target.startsWith('/') ? target : withoutOrigin(target)
  const mark = url.indexOf('?')
  if (mark < 0) return [url, undefined]
  return [url.slice(0, mark), mark === url.length - 1 ? undefined : url.slice(mark + 1)]
}

function withoutOrigin(target: string): string {
  const url = URL.parse(target)
  return url === null ? target : url.pathname + url.search
}
