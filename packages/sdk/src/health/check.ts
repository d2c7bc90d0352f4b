import { logs, SeverityNumber } from '@opentelemetry/api'
import { asError } from '../errors/as-error.ts'
import { metrics } from '../metrics/instruments.ts'
import { safely } from '../runtime/safely.ts'
import { sdkName, sdkVersion } from '../runtime/version.ts'

/** What a check found: all is well, it works but not as it should, it does not work. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/** Looks at something. Answers nothing or true where it is well, false or a status where it is not; may throw. */
export type Probe = () => unknown | Promise<unknown>

/** Milliseconds between two runs (default 30,000), and how long one may take (default 5,000). */
export interface CheckOptions {
  intervalMs?: number
  timeoutMs?: number
}

/** What a run found. `error` says why, for the backend only. */
export interface CheckResult {
  status: HealthStatus
  durationMs: number
  error: string | undefined
}

const value: Record<HealthStatus, number> = { healthy: 1, degraded: 0.5, unhealthy: 0 }
const freshMs = 1000

const statusGauge = metrics.gauge('health.check.status', {
  unit: '1',
  description: '1 healthy, 0.5 degraded, 0 unhealthy, by health.check',
})
const durationGauge = metrics.gauge('health.check.duration', { unit: 's', description: 'How long the check took' })

/** One check: runs by itself, never twice at once, and keeps no process alive. */
export class HealthCheck {
  readonly #name: string
  readonly #probe: Probe
  readonly #timeoutMs: number
  readonly #timer: NodeJS.Timeout
  #running: Promise<CheckResult> | undefined
  #last: { result: CheckResult; at: number } | undefined

  constructor(name: string, probe: Probe, { intervalMs, timeoutMs }: Required<CheckOptions>) {
    this.#name = name
    this.#probe = probe
    this.#timeoutMs = timeoutMs
    this.#timer = unref(setInterval(() => void this.run(), intervalMs))
    setTimeout(() => void this.run(), 0)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** The result of the last second, or of a new run. */
  recent(): Promise<CheckResult> {
    if (this.#last !== undefined && Date.now() - this.#last.at < freshMs) return Promise.resolve(this.#last.result)
    return this.run()
  }

  run(): Promise<CheckResult> {
    this.#running ??= this.#examine().then((result) => {
      this.#running = undefined
      this.#report(result)
      this.#last = { result, at: Date.now() }
      return result
    })
    return this.#running
  }

  async #examine(): Promise<CheckResult> {
    const startedAt = performance.now()
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_resolve, reject) => {
      const late = () => reject(new Error(`no answer within ${this.#timeoutMs} ms`))
      timer = unref(setTimeout(late, this.#timeoutMs))
    })
    try {
      const answer = await Promise.race([(async () => this.#probe())(), timeout])
      return { status: statusOf(answer), durationMs: performance.now() - startedAt, error: undefined }
    } catch (error) {
      const reason = asError(error).message
      return { status: 'unhealthy', durationMs: performance.now() - startedAt, error: reason }
    } finally {
      clearTimeout(timer)
    }
  }

  #report({ status, durationMs, error }: CheckResult): void {
    statusGauge.record(value[status], { 'health.check': this.#name })
    durationGauge.record(durationMs / 1000, { 'health.check': this.#name })
    if ((this.#last?.result.status ?? 'healthy') === status) return
    const well = status === 'healthy'
    logs.getLogger(sdkName, sdkVersion).emit({
      eventName: 'health.changed',
      severityNumber: well ? SeverityNumber.INFO : SeverityNumber.ERROR,
      severityText: well ? 'INFO' : 'ERROR',
      body: `${this.#name} is ${status}${error === undefined ? '' : `: ${error}`}`,
      attributes: { 'health.check': this.#name, 'health.status': status },
    })
  }
}

/** Where there is no Node, timers are numbers, and hold nothing. */
function unref(timer: NodeJS.Timeout): NodeJS.Timeout {
  ;(timer as Partial<NodeJS.Timeout>).unref?.()
  return timer
}

function statusOf(answer: unknown): HealthStatus {
  if (answer === false) return 'unhealthy'
  const status = safely('health', () => statusIn(answer))
  return status === 'degraded' || status === 'unhealthy' ? status : 'healthy'
}

function statusIn(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'status' in answer ? answer.status : answer
}
