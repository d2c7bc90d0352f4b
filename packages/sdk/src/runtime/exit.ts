import { sdkState } from './state.ts'

/** How long a process may be held up at its end to send what is waiting. */
const EXIT_DEADLINE_MS = 2000
const CRASH_DEADLINE_MS = 1000

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/**
 * Sends what is waiting when the process ends: by return, by signal, by an uncaught error. How it ends stays as it was:
 * exit code, signal, and the message on stderr. `process.exit` leaves no time; what is then in the queue is lost.
 */
export function flushOnExit(recordCrash: (error: unknown, origin: string) => void): void {
  process.prependListener('beforeExit', flushBeforeExit)
  for (const signal of SIGNALS) process.prependListener(signal, flushOnSignal)
  process.prependListener('uncaughtExceptionMonitor', (error, origin) => {
    recordCrash(error, origin)
    flushBeforeCrash(error)
  })
}

let flushedBeforeExit = false

function flushBeforeExit(): void {
  // beforeExit comes again once the flush is over, and then the process shall end.
  if (flushedBeforeExit) return
  flushedBeforeExit = true
  const before = process.getActiveResourcesInfo().length
  void within(EXIT_DEADLINE_MS, sdkState().stop()).then((inTime) => {
    // A backend that is away is retried for ten seconds by the exporter. Nothing but that holds the process now,
    // unless another beforeExit listener started work; then that work decides.
    if (!inTime && before === 0) process.exit()
  })
}

function flushOnSignal(signal: NodeJS.Signals): void {
  // A service with a listener of its own decides when it ends; it gets what is there now, and a flush at its exit.
  if (process.listenerCount(signal) > 1) {
    void sdkState().flush()
    return
  }
  void within(EXIT_DEADLINE_MS, sdkState().stop()).then(() => {
    process.removeListener(signal, flushOnSignal)
    process.kill(process.pid, signal)
  })
}

function flushBeforeCrash(error: unknown): void {
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
  // Added only now, so that the process has no such listener while it runs. After the flush the same error is thrown
  // again with nobody listening: Node prints it and sets the exit code as it would have.
  process.once('uncaughtException', () => {
    void within(CRASH_DEADLINE_MS, sdkState().stop()).then(() => {
      process.removeAllListeners('uncaughtExceptionMonitor')
      setImmediate(() => {
        throw error
      })
    })
  })
}

async function within(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds)
  })
  const done = work.then(
    () => true,
    () => true,
  )
  const inTime = await Promise.race([done, deadline])
  clearTimeout(timer)
  return inTime
}
