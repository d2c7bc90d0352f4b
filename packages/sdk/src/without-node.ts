// The public face where there is no Node: edge runtimes, and pages that take a module meant for their server. Everything is there
// and harmless: what is recorded goes to the OpenTelemetry that the runtime has, if it has one.
import type { MonitoringConfig } from './config/types.ts'
import { notice } from './runtime/notice.ts'

export { SpanKind } from '@opentelemetry/api'
export { business } from './business/business.ts'
export { sla } from './business/sla.ts'
export { captureError } from './errors/capture-error.ts'
export { MonitoringError } from './errors/monitoring-error.ts'
export { health } from './health/health.ts'
export { logger } from './logging/logger.ts'
export { metrics } from './metrics/instruments.ts'
export { scrub } from './privacy/scrub.ts'
export { identify } from './requests/identify.ts'
export { security } from './security/security.ts'
export { trace, traceHeaders } from './tracing/trace.ts'

let isTold = false

/**
 * Starts nothing, and says so once. Not in edge runtimes: there the same file starts the service's Node beside it, and nobody has
 * done anything wrong.
 */
export function init(_config: MonitoringConfig = {}): void {
  if (isTold || 'EdgeRuntime' in globalThis) return
  isTold = true
  notice('this runtime is not Node, so init starts nothing here')
}

/** Has nothing to send. */
export async function shutdown(): Promise<void> {}
