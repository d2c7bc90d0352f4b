import { notice } from './notice.ts'
import { sdkState } from './state.ts'

/** How long a process may be held up at its end to send what is waiting. */
const EXIT_DEADLINE_MS = 2000
const CRASH_DEADLINE_MS = 1000
/** The same where the backend is known to be away: its exporter would retry for ten seconds. */
const UNREACHABLE_DEADLINE_MS = 200

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** What is needed at the end of a process. */
export type Ending = {
  recordCrash(error: unknown, origin: string): void
  /** Resolves when sending turns out to be in vain for now. */
  unreachable(): Promise<void>
  /** Gives what was not sent to a process that outlives this one. */
  handOver(): void
  /** What is still on its way, for a person. */
  describeUnsent(): string | undefined
}

/**
 * Sends what is waiting when the process ends: by return, by signal, by an uncaught error. How it ends stays as it was:
 * exit code, signal, and the message on stderr. `process.exit` leaves no time: what is then in the queue is handed over.
 */
export function flushOnExit(given: Ending): void {
  ending = given
  process.prependListener('exit', () => {
    // Where there was time to send, what is left has had its chance.
    if (!stopped) given.handOver()
  })
  process.prependListener('beforeExit', flushBeforeExit)
  for (const signal of SIGNALS) process.prependListener(signal, flushOnSignal)
  process.prependListener('uncaughtExceptionMonitor', (error, origin) => {
    given.recordCrash(error, origin)
    flushBeforeCrash(error)
  })
}

let ending: Ending | undefined
let flushedBeforeExit = false
let stopped = false

function flushBeforeExit(): void {
  // beforeExit comes again once the flush is over, and then the process shall end.
  if (flushedBeforeExit) return
  const idle = process.getActiveResourcesInfo().length
  // Other listeners of beforeExit may start work; then the process lives on, and beforeExit comes again after that.
  setImmediate(() => {
    if (process.getActiveResourcesInfo().length > idle) return
    flushedBeforeExit = true
    // The exporters hold nothing; the deadline's timer is what the process waits for.
    void stopWithin(EXIT_DEADLINE_MS)
  })
}

function flushOnSignal(signal: NodeJS.Signals): void {
  // A service with a listener of its own decides when it ends; it gets what is there now, and a flush at its exit.
  if (process.listenerCount(signal) > 1) {
    void sdkState().flush()
    return
  }
  void stopWithin(EXIT_DEADLINE_MS).then(() => {
    process.removeListener(signal, flushOnSignal)
    process.kill(process.pid, signal)
  })
}

function flushBeforeCrash(error: unknown): void {
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
  // Added only now, so that the process has no such listener while it runs. After the flush the same error is thrown
  // again with nobody listening: Node prints it and sets the exit code as it would have.
  process.once('uncaughtException', () => {
    void stopWithin(CRASH_DEADLINE_MS).then(() => {
      process.removeAllListeners('uncaughtExceptionMonitor')
      setImmediate(() => {
        throw error
      })
    })
  })
}

/** Stops the SDK; answers whether everything was sent or given up in time. */
async function stopWithin(milliseconds: number): Promise<boolean> {
  const timers: NodeJS.Timeout[] = []
  const after = (delay: number) =>
    new Promise<boolean>((resolve) => {
      timers.push(setTimeout(() => resolve(false), delay))
    })
  const away = (ending?.unreachable() ?? new Promise<never>(() => {})).then(() => after(UNREACHABLE_DEADLINE_MS))
  const inTime = await Promise.race([
    sdkState()
      .stop()
      .then(() => true),
    after(milliseconds),
    away,
  ])
  stopped = true
  for (const timer of timers) clearTimeout(timer)
  if (!inTime) {
    const unsent = ending?.describeUnsent()
    const items = unsent === undefined ? '' : ` (not answered: ${unsent})`
    notice(`the process ended before all telemetry was sent; the backend did not answer in time${items}`)
  }
  return inTime
}
