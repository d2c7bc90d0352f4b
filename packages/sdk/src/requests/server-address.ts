import type { IncomingMessage } from 'node:http'
import forwardedParse from 'forwarded-parse'

/** Under which name, and for whom, a request was made, as proxies before this process tell. */
export interface Addresses {
  host: string | undefined
  port: number | undefined
  client: string | undefined
}

/** `Forwarded` counts before `X-Forwarded-*`, these before what the connection shows. */
export function addressesOf(request: IncomingMessage, scheme: string): Addresses {
  const { headers } = request
  const forwarded = headers.forwarded === undefined ? [] : parsed(headers.forwarded)
  const by = forwarded.find(({ host }) => host !== undefined)
  const from = forwarded.find((entry) => entry.for !== undefined)?.for ?? first(headers['x-forwarded-for'])
  const proxied = first(headers['x-forwarded-host'])
  const client = from === undefined ? request.socket.remoteAddress : withoutPort(from)
  if (by?.host !== undefined) return { ...split(by.host, by.proto), client }
  if (proxied !== undefined) return { ...split(proxied, first(headers['x-forwarded-proto'])), client }
  return { ...split(headers.host ?? '', scheme), client }
}

/** The first of a list, since each proxy adds to its end. */
function first(header: string | string[] | undefined): string | undefined {
  const text = typeof header === 'string' ? header : header?.[0]
  if (text === undefined || text === '') return undefined
  const end = text.indexOf(',')
  return end < 0 ? text : text.slice(0, end).trim()
}

function parsed(header: string): { host?: string; proto?: string; for?: string }[] {
  try {
    return forwardedParse(header)
  } catch {
    return []
  }
}

const defaultPorts: Record<string, number> = { http: 80, https: 443 }

/** `example.com:8080`, `[::1]:8080`, and both without a port, which is then the scheme's. */
function split(host: string, scheme: string | undefined): { host: string | undefined; port: number | undefined } {
  if (host === '') return { host: undefined, port: undefined }
  const colon = host.lastIndexOf(':')
  if (colon < 0 || host.endsWith(']')) return { host, port: defaultPorts[scheme ?? ''] }
  const port = Number(host.slice(colon + 1))
  return { host: host.slice(0, colon), port: Number.isInteger(port) ? port : undefined }
}

/** An address without its port; one of version 6 also without its brackets. */
function withoutPort(address: string): string {
  if (address.startsWith('[')) return address.slice(1, address.indexOf(']'))
  const colon = address.indexOf(':')
  // More than one colon is a bare address of version 6.
  return colon < 0 || colon !== address.lastIndexOf(':') ? address : address.slice(0, colon)
}
