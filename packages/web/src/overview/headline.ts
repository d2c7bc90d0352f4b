import type { Overview } from '../api/responses.ts'
import { clock } from '../format/clock.ts'
import { durationText } from '../format/duration.ts'
import { count, percent, plural, quantityText } from '../format/number.ts'
import { raisedSince, serviceState, worstFirst } from '../services/service-state.ts'
import type { State } from '../state/state-icon.tsx'

/** The first line of the page: what is wrong, and since when. `service` is the one it is about. */
export interface Headline {
  state: State
  title: string
  detail: string
  service?: string
}

/** Reads the worst out of an overview. Our own parts come before the services: without them figures mislead. */
export function headline(overview: Overview): Headline {
  const parts = Object.entries(overview.health?.components ?? {})
  const failing =
    parts.find(([, part]) => part.status === 'unhealthy') ?? parts.find(([, part]) => part.status === 'degraded')
  if (failing) {
    return {
      state: 'critical',
      title: `The ${failing[0]} of this server is ${failing[1].status}`,
      detail: failing[1].message ?? 'What is shown may be incomplete.',
    }
  }
  const active = overview.services.filter((service) => service.requests > 0)
  if (active.length === 0) {
    return {
      state: 'unknown',
      title: 'No requests in this range',
      detail: `${plural(overview.logs.total, 'log line')} arrived.`,
    }
  }
  const bad = worstFirst(active).filter((service) => serviceState(service) !== 'healthy')
  const worst = bad[0]
  if (!worst) {
    const slowest = active.toSorted((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0))[0]!
    return {
      state: 'healthy',
      title: active.length === 1 ? `${active[0]!.name} is healthy` : `All ${count(active.length)} services are healthy`,
      detail: `No service fails more than 1 % of its requests. Slowest: ${slowest.name}, p95 ${durationText(slowest.p95)}.`,
      service: slowest.name,
    }
  }
  const since = raisedSince(worst.series.errorRate)
  const failed = quantityText(percent(worst.errorRate))
  return {
    state: bad.some((service) => serviceState(service) === 'unhealthy') ? 'error' : 'warning',
    title: `${count(bad.length)} of ${plural(active.length, 'service')} ${bad.length === 1 ? 'needs' : 'need'} attention`,
    detail: `${worst.name} fails ${failed} of its requests${since ? `, above 1 % since ${clock(since)}` : ''}.`,
    service: worst.name,
  }
}
