import type { IncomingMessage } from 'node:http'
import type { IngestKey, KeyRing } from '../access/key-ring.ts'
import { defaultSpace } from '../config/default-space.ts'
import { isLoopbackHost } from '../config/loopback.ts'
import { forbidden, unauthenticated } from './bodies/ingest-error.ts'

/** In the place of a key, where none is asked for. */
export const noKey: IngestKey = { name: 'none', space: defaultSpace }

export interface IngestGuardOptions {
  readonly keys: KeyRing
  /** Origins of pages that may send; `*` lets any. */
  readonly corsOrigins: readonly string[]
}

/**
 * Keeps a web page that somebody visits from reaching a server on their machine, and strangers from a server that asks
 * for a key.
 * @returns the key that was sent, which tells the space; `noKey` where none is asked for
 * @throws IngestError 401 or 403
 */
export function guardIngest(
  request: Pick<IncomingMessage, 'headers' | 'method'>,
  options: IngestGuardOptions,
): IngestKey {
  const { keys, corsOrigins } = options
  const { headers } = request
  // A page whose own name an attacker's DNS points at loopback sends that name as Host.
  if (!keys.asksForIngestKey && !isLoopbackHost(headers.host)) {
    throw forbidden(
      `Host "${headers.host ?? ''}" is not this machine; set MONITORING_INGEST_KEY to receive from elsewhere.`,
    )
  }
  const { origin } = headers
  const allowed = origin !== undefined && (corsOrigins.includes('*') || corsOrigins.includes(origin))
  const site = headers['sec-fetch-site']
  if (!allowed && (origin !== undefined || site === 'cross-site' || site === 'same-site')) {
    throw forbidden(`Origin "${origin ?? 'unknown'}" may not send; add it to MONITORING_OTLP_CORS_ORIGINS.`)
  }
  // A browser asks by OPTIONS whether it may send the key, and never sends it with that question.
  if (!keys.asksForIngestKey || (allowed && request.method === 'OPTIONS')) return noKey
  const key = keys.ingestKeyOf(headers.authorization)
  if (key === undefined) throw unauthenticated('An ingest key is needed: send it as "Authorization: Bearer KEY".')
  return key
}
