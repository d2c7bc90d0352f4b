import { BodyMemory } from './bodies/body-memory.ts'
import { Deduplication } from './bodies/deduplication.ts'
import type { ExportRequest, ExportResult } from './bodies/export-request.ts'
import { Fingerprints } from './bodies/fingerprint.ts'
import { IngestCounters } from './counters.ts'
import { Spool, type SpoolOptions } from './spool/spool.ts'
import type { Stored } from './spool/worker-messages.ts'

/** Bodies of all requests together, compressed and not. */
const inFlightLimitBytes = 512 * 1024 * 1024

export type ReceiverOptions = Omit<SpoolOptions, 'onRecovered'>

/** One request from its bytes to the answer, whichever protocol brought it. */
export class Receiver {
  /** Of bodies in flight; whoever reads one takes memory from here and gives it back after the answer. */
  readonly memory: BodyMemory
  readonly counters = new IngestCounters()
  readonly spool: Spool
  readonly #fingerprints: Fingerprints
  readonly #recent = new Deduplication()

  /** Takes up what an earlier run left in the spool. */
  constructor(options: ReceiverOptions) {
    this.memory = new BodyMemory(inFlightLimitBytes, options.maxBodyBytes)
    this.spool = new Spool({
      ...options,
      onRecovered: (bodies, at) => {
        for (const { key, ...outcome } of bodies) this.#recent.remember(key, outcome, at)
      },
    })
    this.#fingerprints = new Fingerprints(this.spool.identity.bodyKey)
  }

  /** To be asked before a body is read. @throws IngestError 503 while nothing is taken */
  mustAccept(): void {
    this.spool.mustAccept()
  }

  /**
   * Returns when everything that was accepted is on disk. Until then the body must not change.
   * @throws IngestError
   */
  async receive(delivery: ExportRequest): Promise<ExportResult> {
    this.mustAccept()
    // The same bytes say something else, or nothing, under another encoding.
    const { space, signal, encoding, compression } = delivery
    const key = this.#fingerprints.of(space, `${signal} ${encoding} ${compression}`, delivery.body)
    const bytes = delivery.body.length
    let stored: Stored | undefined
    const outcome = await this.#recent.once(
      key,
      async () => {
        stored = await this.spool.store(delivery, key)
        return stored
      },
      ({ untimed }) => untimed,
    )
    const { accepted = 0, rejections = [] } = stored ?? {}
    this.counters.stored(delivery, bytes, {
      accepted,
      rejections,
      rejected: outcome.rejected,
      repeated: stored === undefined,
    })
    return outcome
  }
}
