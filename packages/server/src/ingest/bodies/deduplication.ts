import type { ExportResult } from './export-request.ts'

/** How long a body is known after it was stored. */
export const rememberedMs = 10 * 60_000
const buckets = 10
const most = 2_000_000

/** Most bodies end like this; they share it. */
const allStored: ExportResult = { rejected: 0, message: '' }

/**
 * Bodies stored a short while ago. A client that lost the answer sends the same bytes again; they are answered as the
 * first time and stored once. A second copy that arrives while the first is being stored waits for it.
 */
export class Deduplication {
  readonly #storing = new Map<string, Promise<ExportResult>>()
  /** By the time they were stored, oldest first: what is old is forgotten as a whole. */
  readonly #stored: { readonly since: number; readonly bodies: Map<string, ExportResult> }[] = []
  readonly #lifetimeMs: number

  constructor(lifetimeMs = rememberedMs) {
    this.#lifetimeMs = lifetimeMs
  }

  /**
   * Runs `store` unless the same body was stored recently or is being stored now.
   * A failure is forgotten, so that the client's next try is a real one; so is an outcome that is `repeatable`
   * (a body whose records have no time of their own: two equal ones may well be two events).
   */
  async once<Result extends ExportResult>(
    key: string,
    store: () => Promise<Result>,
    repeatable: (result: Result) => boolean,
  ): Promise<ExportResult> {
    this.#forget()
    const known = this.#storing.get(key) ?? this.#find(key)
    if (known) return await known
    const storing = store()
    this.#storing.set(key, storing)
    try {
      const result = await storing
      if (!repeatable(result)) this.remember(key, result, Date.now())
      return result
    } finally {
      this.#storing.delete(key)
    }
  }

  /** @param at milliseconds since 1970 at which it was stored */
  remember(key: string, { rejected, message }: ExportResult, at: number): void {
    const last = this.#stored.at(-1)
    let bucket = last
    if (!bucket || at - bucket.since >= this.#lifetimeMs / buckets) {
      bucket = { since: at, bodies: new Map() }
      this.#stored.push(bucket)
    }
    bucket.bodies.set(key, rejected === 0 && message === '' ? allStored : { rejected, message })
  }

  #find(key: string): ExportResult | undefined {
    for (const { bodies } of this.#stored) {
      const outcome = bodies.get(key)
      if (outcome) return outcome
    }
    return undefined
  }

  #forget(): void {
    const bucketMs = this.#lifetimeMs / buckets
    for (let oldest = this.#stored[0]; oldest; oldest = this.#stored[0]) {
      const size = this.#stored.reduce((sum, { bodies }) => sum + bodies.size, 0)
      if (Date.now() - oldest.since < this.#lifetimeMs + bucketMs && size <= most) return
      this.#stored.shift()
    }
  }
}
