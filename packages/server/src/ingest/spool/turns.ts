/** Beyond so many senders, those are forgotten that were read longest ago. */
const maxRemembered = 10_000

interface Waiting {
  /** Number of the connection that it came over. */
  readonly sender: number
}

interface Sender {
  /** Where the next request of the sender may start, in milliseconds of the thread's time that was shared fairly. */
  next: number
  /** Milliseconds that its last request took. */
  lastCost: number
}

/**
 * Whose turn it is: fair queueing, by when a request would end. Each sender has a share of the thread's time, and a request that is dear puts
 * the next one of its sender as far back as it took. Who sends little is next after what is being read, however much waits.
 */
export class Turns<Request extends Waiting> {
  readonly #estimate: (request: Request) => number
  readonly #senders = new Map<number, Sender>()
  readonly #arrivals = new WeakMap<Request, number>()
  /** Where the request that is being read has started. */
  #now = 0

  /** @param estimate milliseconds that a request of a sender that is not known may take */
  constructor(estimate: (request: Request) => number) {
    this.#estimate = estimate
  }

  /** To be called when a request has come. */
  arrived(request: Request): void {
    this.#arrivals.set(request, this.#now)
  }

  /** Puts those first whose turn it is; requests of one sender stay in their order. */
  sort(waiting: Request[]): void {
    if (waiting.length > 1) waiting.sort((a, b) => this.#end(a) - this.#end(b))
    if (waiting[0]) this.#now = Math.max(this.#now, this.#start(waiting[0]))
  }

  /** Milliseconds that a request may take, going by the last of its sender. */
  expectedCost(request: Request): number {
    return this.#senders.get(request.sender)?.lastCost ?? this.#estimate(request)
  }

  /** Says that a request has taken so many milliseconds. */
  charge({ sender }: Request, milliseconds: number): void {
    const next = Math.max(this.#senders.get(sender)?.next ?? 0, this.#now) + milliseconds
    // As the last of the map, whose first has not been read for longest.
    this.#senders.delete(sender)
    this.#senders.set(sender, { next, lastCost: milliseconds })
    if (this.#senders.size > maxRemembered) this.#senders.delete(this.#senders.keys().next().value!)
  }

  #end(request: Request): number {
    return this.#start(request) + this.expectedCost(request)
  }

  #start(request: Request): number {
    return Math.max(this.#arrivals.get(request) ?? 0, this.#senders.get(request.sender)?.next ?? 0)
  }
}
