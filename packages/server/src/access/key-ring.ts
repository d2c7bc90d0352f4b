import { createHash } from 'node:crypto'
import { defaultSpace } from '../config/default-space.ts'
import { allScopes, type Principal } from './principal.ts'

/** Whose telemetry a key brings. */
export interface IngestKey {
  /** For the counters; never the key itself. */
  readonly name: string
  /** The tenant that what it brings belongs to. */
  readonly space: string
}

export interface KeyRingOptions {
  /** The keys that are configured; they are of the default space. */
  readonly ingestKey?: string | undefined
  readonly adminKey?: string | undefined
  /** Further keys that may send telemetry, each into a space of its own. */
  readonly ingestKeys?: readonly (IngestKey & { readonly key: string })[]
  /** Further keys that may use the API, each in a space of its own. */
  readonly apiKeys?: readonly { readonly key: string; readonly space: string }[]
}

/** The keys that are known. Kept as hashes, so that comparing tells nothing of them. */
export class KeyRing {
  readonly #ingest = new Map<string, IngestKey>()
  readonly #api = new Map<string, string>()
  readonly asksForIngestKey: boolean

  constructor({ ingestKey, adminKey, ingestKeys = [], apiKeys = [] }: KeyRingOptions) {
    const configured = ingestKey === undefined ? [] : [{ key: ingestKey, name: 'ingest', space: defaultSpace }]
    for (const { key, name, space } of [...configured, ...ingestKeys]) {
      this.#ingest.set(hash(key), { name, space })
    }
    this.asksForIngestKey = this.#ingest.size > 0
    for (const { key, space } of apiKeys) this.#api.set(hash(key), space)
    if (adminKey !== undefined) this.#api.set(hash(adminKey), defaultSpace)
  }

  /** The key in an Authorization header that may send telemetry; undefined when none is. */
  ingestKeyOf(authorization: string | undefined): IngestKey | undefined {
    const sent = bearerOf(authorization)
    const known = sent === undefined ? undefined : this.#ingest.get(hash(sent))
    if (known) return known
    const space = this.apiSpaceOf(authorization)
    return space === undefined ? undefined : { name: 'admin', space }
  }

  /**
   * Whose key an Authorization header carries: that of the API may do everything in its space, that of telemetry send it. Undefined when
   * the header carries none of them.
   */
  principalOf(authorization: string | undefined): Principal | undefined {
    const space = this.apiSpaceOf(authorization)
    if (space !== undefined) {
      const id = space === defaultSpace ? 'key:bootstrap' : `key:api:${space}`
      return { id, kind: 'key', space, role: 'admin', scopes: allScopes }
    }
    const key = this.ingestKeyOf(authorization)
    return key && { id: `key:${key.name}`, kind: 'key', space: key.space, role: 'editor', scopes: new Set(['ingest']) }
  }

  /** The space in which the key in an Authorization header may use the API; undefined when it may not, or is none. */
  apiSpaceOf(authorization: string | undefined): string | undefined {
    const sent = bearerOf(authorization)
    return sent === undefined ? undefined : this.#api.get(hash(sent))
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
}

function hash(key: string): string {
  return createHash('sha256').update(key).digest('base64')
}
