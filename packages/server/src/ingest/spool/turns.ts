/** After so long, half of what was used is forgotten. */
const halfLifeMs = 2000
/** Requests share a commit when their senders have used as much, give or take this: what is quick does not wait for what is not. */
const mostApartMs = 200

/** A millisecond of the thread that a sender has used has its next request stand so many behind its arrival. */
const penalty = 4

interface Waiting {
  /** Number of the connection that it came over. */
  readonly sender: number
  /** Milliseconds since 1970. */
  readonly receivedAt: number
}

/** Whose turn it is: who has come first, but those who have used much of the thread's time lately stand further behind. */
export class Turns {
  readonly #used = new Map<number, number>()
  #halvedAt = performance.now()

  /** Says that a request of the sender has taken so long. */
  charge(sender: number, milliseconds: number): void {
    this.#used.set(sender, (this.#used.get(sender) ?? 0) + milliseconds)
  }

  /** Puts those first whose turn it is; requests of one sender stay in their order. */
  sort<Request extends Waiting>(waiting: Request[]): void {
    this.#forget()
    if (waiting.length > 1) waiting.sort((a, b) => this.#place(a) - this.#place(b))
  }

  /** Whether two requests may share a commit. */
  areClose(first: Waiting, other: Waiting): boolean {
    return this.#of(other) - this.#of(first) <= mostApartMs
  }

  #place(request: Waiting): number {
    return request.receivedAt + this.#of(request) * penalty
  }

  #of({ sender }: Pick<Waiting, 'sender'>): number {
    return this.#used.get(sender) ?? 0
  }

  #forget(): void {
    const halvings = Math.floor((performance.now() - this.#halvedAt) / halfLifeMs)
    if (halvings < 1) return
    this.#halvedAt += halvings * halfLifeMs
    for (const [sender, used] of this.#used) {
      const rest = used / 2 ** halvings
      if (rest < 1) this.#used.delete(sender)
      else this.#used.set(sender, rest)
    }
  }
}
