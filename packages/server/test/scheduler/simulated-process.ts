import type { Clock } from '../../src/background/scheduler/clock.ts'
import type { VirtualTime } from './virtual-time.ts'

/** A process that can be stopped dead, or stand still and go on as if nothing had been, wherever it waits. */
export class SimulatedProcess implements Clock {
  readonly name: string
  readonly #time: VirtualTime
  readonly #waiting: (() => void)[] = []
  #isPaused = false
  #pausedAt = 0
  #stoodStill = 0
  #countsPauses = true
  isDead = false
  /** Whether its packets get lost on their way to the store. */
  isCutOff = false

  constructor(name: string, time: VirtualTime) {
    this.name = name
    this.#time = time
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  now(): number {
    return this.#time.now - this.#stoodStill
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#time.after(ms, () => this.goOn(resolve))
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Has something happen in this process as soon as it runs; never when it is dead. */
  goOn(step: () => void): void {
    if (this.isDead) return
    if (this.#isPaused) this.#waiting.push(step)
    else step()
  }

  kill(): void {
    this.isDead = true
    this.#waiting.length = 0
  }

  /** @param countsPauses false for a machine that sleeps: its clock stands still with it */
  pause(countsPauses: boolean): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.#pausedAt = this.#time.now
    this.#countsPauses = countsPauses
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    if (!this.#countsPauses) this.#stoodStill += this.#time.now - this.#pausedAt
    for (const step of this.#waiting.splice(0)) this.goOn(step)
  }
}
