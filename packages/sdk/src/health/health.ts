import type { IncomingMessage, ServerResponse } from 'node:http'
import { MonitoringError } from '../errors/monitoring-error.ts'
import { safely } from '../runtime/safely.ts'
import { type CheckOptions, type CheckResult, HealthCheck, type HealthStatus, type Probe } from './check.ts'

/** The state of a service and of its checks. Reasons are not in it, since a health route is often public. */
export interface HealthReport {
  status: HealthStatus
  timestamp: string
  checks: Record<string, { status: HealthStatus; durationMs: number }>
}

const maxChecks = 100
const rank: Record<HealthStatus, number> = { healthy: 0, degraded: 1, unhealthy: 2 }

const checks = new Map<string, HealthCheck>()

/** A service's own health checks. */
export const health = {
  /**
   * Registers a check. It runs by itself every thirty seconds and whenever somebody asks; the result goes to the backend as
   * `health.check.status` (1 healthy, 0.5 degraded, 0 unhealthy) and `health.check.duration`, a change also as a log with its
   * reason. A probe that throws, answers false or takes too long is unhealthy. The same name again replaces the check. A name or
   * times that make no sense, and a check beyond a hundred, are one line on stderr, and nothing is registered.
   *
   * @returns how to remove it
   * @example health.register('database', async () => { await pool.query('SELECT 1') })
   */
  register(name: string, probe: Probe, options: CheckOptions = {}): () => void {
    const settings = safely('health.register', () => checkedTimes(name, probe, options))
    if (settings === undefined) return () => {}
    checks.get(name)?.stop()
    const check = new HealthCheck(name, probe, settings)
    checks.set(name, check)
    return () => {
      check.stop()
      if (checks.get(name) === check) checks.delete(name)
    }
  },

  /** Runs what has no result of the last second, and answers all. The worst check is the service's status. */
  async report(): Promise<HealthReport> {
    const results = await Promise.all([...checks].map(async ([name, check]) => [name, await check.recent()] as const))
    const status = results.reduce<HealthStatus>((worst, [, one]) => worseOf(worst, one), 'healthy')
    const shown = results.map(([name, { status, durationMs }]) => [
      name,
      { status, durationMs: Math.round(durationMs) },
    ])
    return { status, timestamp: new Date().toISOString(), checks: Object.fromEntries(shown) }
  },

  /** A handler for plain http and Express that answers the report: 200, or 503 when a check is unhealthy. */
  handler(): (request: IncomingMessage, response: ServerResponse) => void {
    return (_request, response) => {
      const answer = (report: HealthReport) => {
        response.writeHead(report.status === 'unhealthy' ? 503 : 200, {
          'content-type': 'application/json',
          'cache-control': 'no-store',
        })
        response.end(JSON.stringify(report))
      }
      // Somebody else may have answered in the meantime.
      void health.report().then((report) => safely('health.handler', () => answer(report)))
    }
  },
}

function worseOf(worst: HealthStatus, { status }: CheckResult): HealthStatus {
  return rank[status] > rank[worst] ? status : worst
}

function checkedTimes(name: unknown, probe: unknown, options: CheckOptions | null): Required<CheckOptions> {
  if (typeof name !== 'string' || name === '' || name.length > 100) {
    throw invalid('a check needs a name of 1 to 100 characters')
  }
  if (typeof probe !== 'function') throw invalid(`the check ${name} needs a function`)
  if (checks.size >= maxChecks && !checks.has(name)) throw invalid(`at most ${maxChecks} checks`)
  const { intervalMs = 30_000, timeoutMs = 5000 } = options ?? {}
  if (!(intervalMs >= 1000 && intervalMs <= 86_400_000)) throw invalid('intervalMs must be 1,000 to 86,400,000')
  if (!(timeoutMs >= 1 && timeoutMs <= 60_000)) throw invalid('timeoutMs must be 1 to 60,000')
  return { intervalMs, timeoutMs }
}

function invalid(message: string): MonitoringError {
  return new MonitoringError('VALIDATION_ERROR', message)
}
