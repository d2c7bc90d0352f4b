import { setImmediate } from 'node:timers/promises'

interface Timer {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/** Time that passes only when nothing is left to do: ten minutes are over in a second, and are the same every time. */
export class VirtualTime {
  now = 0
  #order = 0
  /** A binary heap, the earliest first. */
  readonly #timers: Timer[] = []

  after(ms: number, fire: () => void): void {
    this.#push({ at: this.now + ms, order: this.#order++, fire })
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Lets time pass until a moment. After each timer, all that follows from it is done, since it is promises alone. */
  async runUntil(moment: number): Promise<void> {
    for (;;) {
      await setImmediate()
      const next = this.#timers[0]
      if (!next || next.at > moment) break
      this.#pop()
      this.now = Math.max(this.now, next.at)
      next.fire()
    }
    this.now = moment
  }

  #push(timer: Timer): void {
    const timers = this.#timers
    let at = timers.push(timer) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(timer, timers[parent]!)) break
      timers[at] = timers[parent]!
      at = parent
    }
    timers[at] = timer
  }

  #pop(): void {
    const timers = this.#timers
    const last = timers.pop()!
    if (timers.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= timers.length) break
      if (child + 1 < timers.length && isBefore(timers[child + 1]!, timers[child]!)) child += 1
      if (!isBefore(timers[child]!, last)) break
      timers[at] = timers[child]!
      at = child
    }
    timers[at] = last
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
