import type { Point } from '../api/responses.ts'
import type { State } from '../state/state-icon.tsx'

/** Shares of failed requests from which a service counts as degraded and as unhealthy, until it has rules of its own. */
export const degradedFrom = 0.01
export const unhealthyFrom = 0.05

interface Red {
  requests: number
  errorRate: number
}

/** The state of a service by its error rate; unknown without requests. */
export function serviceState({ requests, errorRate }: Red): State & ('healthy' | 'degraded' | 'unhealthy' | 'unknown') {
  if (requests === 0) return 'unknown'
  if (errorRate >= unhealthyFrom) return 'unhealthy'
  return errorRate >= degradedFrom ? 'degraded' : 'healthy'
}

const order = { unhealthy: 0, degraded: 1, healthy: 2, unknown: 3 }

/** Worst first: by state, then by error rate among the failing ones, else by requests. */
export function worstFirst<Row extends Red>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => {
    const [first, second] = [serviceState(a), serviceState(b)]
    if (first !== second) return order[first] - order[second]
    return first === 'healthy' || first === 'unknown' ? b.requests - a.requests : b.errorRate - a.errorRate
  })
}

/**
 * Since when the error rate has been raised without a break, in epoch ms. A bucket counts as raised from the limit on;
 * buckets without requests neither break nor begin it. Null when the newest bucket is not raised, or when it was
 * raised from the first bucket on, since then the beginning is not in sight.
 */
export function raisedSince(errorRate: readonly Point[], limit = degradedFrom): number | null {
  let since: number | null = null
  for (const [time, value] of errorRate.toReversed()) {
    if (value === null) continue
    if (value < limit) return since
    since = time
  }
  return null
}
