import { ApiError } from '../../http/errors/api-error.ts'

export interface TailLimits {
  /** Of one who asks: a key, a session, or else an address. */
  readonly ofOne: number
  readonly inAll: number
}

const usual: TailLimits = { ofOne: 10, inAll: 50 }

/** Of one core, what all tails together may take for their reading. */
const shareOfCore = 1 / 4

/** Tails that are open. Each asks the engine again and again for as long as it is, so there are not many. */
export class OpenTails {
  readonly #limits: TailLimits
  readonly #open = new Map<string, number>()
  #inAll = 0

  constructor(limits: TailLimits = usual) {
    this.#limits = limits
  }

  /**
   * Takes a place; to be given back by what is returned.
   * @throws ApiError RATE_LIMITED when there are too many
   */
  enter(asker: string): () => void {
    const { ofOne, inAll } = this.#limits
    const mine = this.#open.get(asker) ?? 0
    if (mine >= ofOne) throw new ApiError('RATE_LIMITED', `${ofOne} log tails are open already; close one first.`)
    if (this.#inAll >= inAll)
      throw new ApiError('RATE_LIMITED', `${inAll} log tails are open already, on all clients together.`)
    this.#open.set(asker, mine + 1)
    this.#inAll += 1
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#inAll -= 1
      const left = (this.#open.get(asker) ?? 1) - 1
      if (left > 0) this.#open.set(asker, left)
      else this.#open.delete(asker)
    }
  }

  /** How long a tail waits after a reading that took `tookMs`, so that all together stay within their share. */
  pauseMs(tookMs: number, leastMs: number): number {
    return Math.max(leastMs, (tookMs * this.#inAll) / shareOfCore)
  }
}
