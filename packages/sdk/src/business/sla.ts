import { type Span, trace } from '@opentelemetry/api'
import { metrics } from '../metrics/instruments.ts'
import { complainOnce, isName, safely } from '../runtime/safely.ts'

/** One measurement against a promise. Times in milliseconds. */
export interface SlaCheck {
  name: string
  budgetMs: number
  durationMs: number
  span: Span | undefined
  failed?: boolean
}

const checks = metrics.counter('sla.checks', { unit: '{check}', description: 'Promises, by whether they were met' })
const duration = metrics.histogram('sla.duration', { unit: 's', description: 'Time that promised work took' })

/** Counts a check as met or violated, and marks the span of a violation. Nothing that it is given makes it throw. */
export function recordSla({ name, budgetMs, durationMs, span, failed = false }: SlaCheck): void {
  if (!isName('sla', name)) return
  if (typeof budgetMs !== 'number' || Number.isNaN(budgetMs)) {
    complainOnce('sla', 'its budget is a number of milliseconds')
    return
  }
  const met = !failed && durationMs <= budgetMs
  safely('sla', () => {
    checks.add(1, { 'sla.name': name, 'sla.met': met })
    duration.record(durationMs / 1000, { 'sla.name': name })
    if (met) return
    span?.setAttribute('sla.violated', true)
    span?.addEvent('sla.violation', { 'sla.name': name, 'sla.budget_ms': budgetMs, 'sla.duration_ms': durationMs })
  })
}

/**
 * Runs `work` under a promise: it should be done within `budgetMs` milliseconds. Met and violated promises are counted in
 * `sla.checks` by `sla.name` and `sla.met`, times in `sla.duration`; a violation is an event of the active span. Work that
 * throws has not kept its promise, and what it throws is thrown on. Without `work` nothing is run, and a line says so.
 *
 * @example await sla('checkout', 500, () => checkout(basket))
 */
export async function sla<T>(name: string, budgetMs: number, work: () => T): Promise<Awaited<T>> {
  if (typeof work !== 'function') {
    complainOnce('sla', 'it needs a function to run')
    return undefined as Awaited<T>
  }
  const startedAt = performance.now()
  const span = trace.getActiveSpan()
  try {
    const result = await work()
    recordSla({ name, budgetMs, durationMs: performance.now() - startedAt, span })
    return result
  } catch (error) {
    recordSla({ name, budgetMs, durationMs: performance.now() - startedAt, span, failed: true })
    throw error
  }
}
