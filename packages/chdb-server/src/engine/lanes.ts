import { EngineError } from './error.ts'

/**
 * At most `size` statements at once; up to `queueLimit` more wait in order. One set for reads and one for writes, so
 * that neither holds up the other.
 */
export class Lanes {
  readonly #name: string
  readonly #size: number
  readonly #queueLimit: number
  readonly #waiting: (() => void)[] = []
  #busy = 0

  constructor(name: string, size: number, queueLimit: number) {
    this.#name = name
    this.#size = size
    this.#queueLimit = queueLimit
  }

  /** Resolves with the function that gives the lane back. Throws code 202 when the queue is full, and on abort. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#busy < this.#size) {
      this.#busy++
      return this.#releaseOnce()
    }
    if (this.#waiting.length >= this.#queueLimit) {
      const text = `Too many simultaneous queries: ${this.#size} ${this.#name} run and ${this.#queueLimit} wait`
      throw new EngineError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', text)
    }
    await new Promise<void>((resolve, reject) => {
      const abandon = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1)
        reject(signal.reason)
      }
      const turn = () => {
        signal.removeEventListener('abort', abandon)
        resolve()
      }
      signal.addEventListener('abort', abandon, { once: true })
      this.#waiting.push(turn)
    })
    return this.#releaseOnce()
  }

  #releaseOnce(): () => void {
    let held = true
    return () => {
      if (!held) return
      held = false
      const next = this.#waiting.shift()
      if (next === undefined) this.#busy--
      else next() // the lane passes on, still busy
    }
  }
}
