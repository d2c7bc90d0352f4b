import type { LogLevel } from '../config/types.ts'

/** What is known of the SDK in this process. */
export type SdkState = {
  /** `register` or `init`, whichever came first; undefined while nothing runs. */
  startedBy: 'register' | 'init' | undefined
  logLevel: LogLevel
  customMetrics: boolean
  /** Sends what is waiting and goes on. */
  flush: () => Promise<void>
  /** Sends what is waiting and stops. */
  stop: () => Promise<void>
}

const KEY = Symbol.for('burstlet.monitoring.state')

const nothing = async () => {}

/**
 * The state of this process. It lives on `globalThis` because the SDK may be loaded twice, once by `import` and once
 * by `require`, and must still start only once.
 */
export function sdkState(): SdkState {
  const holder = globalThis as { [KEY]?: SdkState }
  holder[KEY] ??= { startedBy: undefined, logLevel: 'info', customMetrics: true, flush: nothing, stop: nothing }
  return holder[KEY]
}
