import { createHash, timingSafeEqual } from 'node:crypto'
import { defaultSpace } from '../config/default-space.ts'

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
}

/** The keys that are known. Kept as hashes, so that comparing tells nothing of them. */
export class KeyRing {
  readonly #ingest = new Map<string, IngestKey>()
  readonly #admin: Buffer | undefined
  readonly asksForIngestKey: boolean

  constructor({ ingestKey, adminKey, ingestKeys = [] }: KeyRingOptions) {
    const configured = ingestKey === undefined ? [] : [{ key: ingestKey, name: 'ingest', space: defaultSpace }]
    for (const { key, name, space } of [...configured, ...ingestKeys]) {
      this.#ingest.set(hash(key).toString('hex'), { name, space })
    }
    this.asksForIngestKey = this.#ingest.size > 0
    this.#admin = adminKey === undefined ? undefined : hash(adminKey)
  }

  /** The key in an Authorization header that may send telemetry; undefined when none is. */
  ingestKeyOf(authorization: string | undefined): IngestKey | undefined {
    const sent = bearerOf(authorization)
    const known = sent === undefined ? undefined : this.#ingest.get(hash(sent).toString('hex'))
    if (known) return known
    return this.isAdmin(authorization) ? { name: 'admin', space: defaultSpace } : undefined
  }

  /** Whether an Authorization header carries the bootstrap key. */
  isAdmin(authorization: string | undefined): boolean {
    const sent = bearerOf(authorization)
    return sent !== undefined && this.#admin !== undefined && timingSafeEqual(hash(sent), this.#admin)
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
}

function hash(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
