import { notice } from './notice.ts'
import { sdkState } from './state.ts'

/** How long a process may be held up at its end to send what is waiting. */
const exitDeadlineMs = 2000
const crashDeadlineMs = 1000
/** The same where the backend is known to be away: its exporter would retry for ten seconds. */
const unreachableDeadlineMs = 200

const signals = ['SIGTERM', 'SIGINT'] as const

/** What is needed at the end of a process. */
export interface Ending {
  /** Tells of an error that nobody caught. The process may go on all the same. */
  recordCrash(error: unknown, origin: string): void
  /** Resolves when sending turns out to be in vain for now. */
  unreachable(): Promise<void>
  /** Ends what is under way, as the error of a crash has ended it. */
  endUnderWay(error: unknown): void
  /** Gives what was not sent to another process, and waits for that one where milliseconds are given. */
  handOver(waitMs?: number): void
  /** Whether the backend was away lately. */
  wasAway(): boolean
  /** What is still on its way, for a person. */
  describeUnsent(): string | undefined
}

/**
 * Sends what is waiting when the process ends: by return, by signal, by an uncaught error. How it ends stays as it was:
 * exit code, signal, and the message on stderr. `process.exit` leaves no time: what is then in the queue is handed over. Nor does
 * an uncaught error: whoever held Node up to send would have to throw it again, and Node would show that line for its own. So it
 * is handed over and waited for.
 */
export function flushOnExit(given: Ending): void {
  ending = given
  // Whoever waits for it, at the top of a module say, waits for a promise that only timers and sockets without a hold on the process
  // would settle: Node would end with the exit code 13.
  sdkState().shutdown = () => stopWithin(exitDeadlineMs, 'monitoring was shut down')
  process.prependListener('exit', () => {
    if (crash !== undefined) given.endUnderWay(crash.error)
    // Where there was time to send, what is left has had its chance.
    if (!stopped) given.handOver(crash === undefined || given.wasAway() ? undefined : crashDeadlineMs)
  })
  process.prependListener('beforeExit', flushBeforeExit)
  for (const signal of signals) process.prependListener(signal, flushOnSignal)
  process.prependListener('uncaughtExceptionMonitor', (error, origin) => {
    given.recordCrash(error, origin)
    crash = { error }
    // The service may have a listener that lets it live on.
    setImmediate(() => {
      crash = undefined
    }).unref()
  })
}

let ending: Ending | undefined
let flushedBeforeExit = false
let stopped = false
/** What nobody caught, until the next turn of the event loop. */
let crash: { error: unknown } | undefined

function flushBeforeExit(): void {
  // beforeExit comes again once the flush is over, and then the process shall end.
  if (flushedBeforeExit) return
  const idle = process.getActiveResourcesInfo().length
  // Other listeners of beforeExit may start work; then the process lives on, and beforeExit comes again after that.
  setImmediate(() => {
    if (process.getActiveResourcesInfo().length > idle) return
    flushedBeforeExit = true
    // The exporters hold nothing; the deadline's timer is what the process waits for.
    void stopWithin(exitDeadlineMs)
  })
}

function flushOnSignal(signal: NodeJS.Signals): void {
  // A service with a listener of its own decides when it ends; it gets what is there now, and a flush at its exit.
  if (process.listenerCount(signal) > 1) {
    void sdkState().flush()
    return
  }
  void stopWithin(exitDeadlineMs).then(() => {
    process.removeListener(signal, flushOnSignal)
    process.kill(process.pid, signal)
  })
}

/** Stops the SDK, once; the process lives on meanwhile. Says what is lost where that is not done in time. */
async function stopWithin(milliseconds: number, what = 'the process ended'): Promise<void> {
  if (stopped) return
  const timers: NodeJS.Timeout[] = []
  const after = (delay: number) =>
    new Promise<boolean>((resolve) => {
      timers.push(setTimeout(() => resolve(false), delay))
    })
  let isAway = false
  const away = (ending?.unreachable() ?? new Promise<never>(() => {})).then(() => {
    isAway = true
    return after(unreachableDeadlineMs)
  })
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
    const reason = isAway ? 'could not be reached' : 'did not answer in time'
    notice(`${what} before all telemetry was sent; the backend ${reason}${items}`)
  }
}
