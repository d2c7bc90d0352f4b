import type { LogLevel } from '../config/types.ts'

/** Looks at an attribute or field before it is sent: answers what to send instead, or undefined to leave it out. */
export type Scrubber = (key: string, value: unknown) => unknown

/** What is known of the SDK in this process. */
export interface SdkState {
  /** `register` or `init`, whichever came first; undefined while nothing runs. */
  startedBy: 'register' | 'init' | undefined
  logLevel: LogLevel
  customMetrics: boolean
  scrubbers: Scrubber[]
  /** Sends what is waiting and goes on. */
  flush: () => Promise<void>
  /** Sends what is waiting and stops. */
  stop: () => Promise<void>
  /** The same within the time that the end of a process may take; the process is held up until then. */
  shutdown: () => Promise<void>
}

const key = Symbol.for('burstlet.monitoring.state')

const nothing = async () => {}

/**
 * The state of this process. It lives on `globalThis` because the SDK may be loaded twice, once by `import` and once
 * by `require`, and must still start only once.
 */
export function sdkState(): SdkState {
  const holder = globalThis as { [key]?: SdkState }
  holder[key] ??= {
    startedBy: undefined,
    logLevel: 'info',
    customMetrics: true,
    scrubbers: [],
    flush: nothing,
    stop: nothing,
    shutdown: nothing,
  }
  return holder[key]
}
