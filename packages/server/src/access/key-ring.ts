import { createHash, timingSafeEqual } from 'node:crypto'
import { defaultSpace } from '../config/default-space.ts'
import { allScopes, type Principal } from './principal.ts'

/** The keys that are configured. Kept as hashes, so that comparing takes the same time whatever is sent. */
export class KeyRing {
  readonly #ingest: Buffer | undefined
  readonly #admin: Buffer | undefined

  constructor(keys: { ingestKey?: string | undefined; adminKey?: string | undefined }) {
    this.#ingest = keys.ingestKey === undefined ? undefined : hash(keys.ingestKey)
    this.#admin = keys.adminKey === undefined ? undefined : hash(keys.adminKey)
  }

  get asksForIngestKey(): boolean {
    return this.#ingest !== undefined
  }

  /** Name of the key in an Authorization header that may send telemetry; undefined when none is. */
  ingestKeyName(authorization: string | undefined): string | undefined {
    if (matches(authorization, this.#ingest)) return 'ingest'
    return this.isAdmin(authorization) ? 'admin' : undefined
  }

  /**
   * Whose key an Authorization header carries: the bootstrap key's principal may do everything, that of the ingest key only send
   * telemetry. Undefined when the header carries none of them.
   */
  principalOf(authorization: string | undefined): Principal | undefined {
    const name = this.ingestKeyName(authorization)
    if (name === undefined) return undefined
    const key = { kind: 'key', space: defaultSpace } as const
    return name === 'admin'
      ? { ...key, id: 'key:bootstrap', role: 'admin', scopes: allScopes }
      : { ...key, id: 'key:ingest', role: 'editor', scopes: new Set(['ingest']) }
  }

  /** Whether an Authorization header carries the bootstrap key. */
  isAdmin(authorization: string | undefined): boolean {
    return matches(authorization, this.#admin)
  }
}

function matches(authorization: string | undefined, key: Buffer | undefined): boolean {
  const sent = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  return sent !== undefined && key !== undefined && timingSafeEqual(hash(sent), key)
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
