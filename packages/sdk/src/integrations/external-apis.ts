import type { Attributes } from '@opentelemetry/api'
import type { HttpInstrumentationConfig } from '@opentelemetry/instrumentation-http'
import type { UndiciInstrumentationConfig } from '@opentelemetry/instrumentation-undici'

/**
 * Names the other side of requests to the configured external APIs, so that they stand out as services of their own.
 * `apis` are host names, with or without port, or URLs.
 */
export function nameHttpPeers(apis: string[]): HttpInstrumentationConfig {
  const names = peerNames(apis)
  if (names.size === 0) return {}
  return {
    startOutgoingSpanHook: ({ host, hostname, port }) => peerOf(names, hostname ?? host ?? '', port),
  }
}

/** The same for `fetch` and undici. */
export function nameUndiciPeers(apis: string[]): UndiciInstrumentationConfig {
  const names = peerNames(apis)
  if (names.size === 0) return {}
  return {
    startSpanHook: ({ origin }) => {
      const url = URL.parse(origin)
      return url === null ? {} : peerOf(names, url.hostname, url.port)
    },
  }
}

function peerNames(apis: string[]): Map<string, string> {
  return new Map(apis.map((api) => [(URL.parse(api)?.host || api).toLowerCase(), api]))
}

function peerOf(names: Map<string, string>, host: string, port: string | number | null | undefined): Attributes {
  const name = names.get(`${host}:${port}`.toLowerCase()) ?? names.get(host.toLowerCase())
  return name === undefined ? {} : { 'peer.service': name }
}
