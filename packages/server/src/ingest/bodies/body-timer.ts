/** How long a body may take, in milliseconds: it holds memory meanwhile. */
export interface BodyTimeouts {
  /** Between two pieces of it. */
  readonly idle: number
  /** For all of it. */
  readonly total: number
}

export const defaultBodyTimeouts: BodyTimeouts = { idle: 15_000, total: 60_000 }

const sweepMs = 100

/** Those that are running; a timer of the runtime for each would cost a small body more than reading it. */
const running = new Set<BodyTimer>()
let sweeper: NodeJS.Timeout | undefined
/** As of the last sweep, which is near enough. */
let now = performance.now()

/** Ends a body that stands still, or comes too slowly. */
export class BodyTimer {
  readonly #timeouts: BodyTimeouts
  readonly #onLate: () => void
  readonly #began: number
  #heard: number

  constructor(timeouts: BodyTimeouts, onLate: () => void) {
    if (!sweeper) {
      now = performance.now()
      sweeper = setInterval(sweep, sweepMs).unref()
    }
    this.#timeouts = timeouts
    this.#onLate = onLate
    this.#began = now
    this.#heard = now
    running.add(this)
  }

  /** To be called for each piece. */
  progressed(): void {
    this.#heard = now
  }

  stop(): void {
    running.delete(this)
  }

  /** Ends the body if it is late. */
  check(): void {
    const { idle, total } = this.#timeouts
    if (now - this.#heard <= idle && now - this.#began <= total) return
    this.stop()
    this.#onLate()
  }
}

function sweep(): void {
  now = performance.now()
  for (const timer of running) timer.check()
  if (running.size > 0) return
  clearInterval(sweeper)
  sweeper = undefined
}
