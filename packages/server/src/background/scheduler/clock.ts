import { setTimeout as sleep } from 'node:timers/promises'

/** The clock of a process: it measures durations, and is never compared with that of another. */
export interface Clock {
  /** Milliseconds since some moment; never runs backwards. */
  now(): number
  /** Resolves after so many milliseconds, or as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { ref: false, ...(signal && { signal }) }).catch(() => {}),
}
