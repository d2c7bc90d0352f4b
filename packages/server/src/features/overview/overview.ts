import { type Level, levels } from '@burstlet/contract/common'
import type { Health } from '@burstlet/contract/health'
import type { OverviewResponse } from '@burstlet/contract/overview'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { bucketsOf, chooseInterval, type TimeRange, wholeMinutes } from '../../querying/time/time-range.ts'
import { logCounts, readCounts } from '../logs/histogram.ts'
import { readActive } from '../metrics/activity.ts'
import { redSource } from '../red/red-source.ts'
import { readEndpoints } from '../services/endpoints.ts'
import { searchTraces } from '../traces/search.ts'
import { readHosts } from './hosts.ts'
import { readRedOfServices } from './red-of-services.ts'

/** Services that get a row with sparklines. */
const shownServices = 50

/** Everything of the first page: about ten small questions, asked at once. */
export async function readOverview(
  context: QueryContext,
  range: TimeRange,
  health?: () => Promise<Health>,
): Promise<OverviewResponse> {
  const step = chooseInterval(range, 60, 60)
  const [source, fine] = await Promise.all([redSource(context, range), redSource(context, range, step)])
  const [red, endpoints, logRows, system, errors, activity, state] = await Promise.all([
    readRedOfServices(context, range, fine, step),
    readEndpoints(context, range, 1000, { source }),
    readCounts(context, {}, wholeMinutes(range), step),
    readHosts(context, range, step),
    searchTraces(context, { status: 'error' }, range, 10),
    readActive(context, range),
    health?.(),
  ])
  const buckets = bucketsOf(range, step)
  const { total, series, services } = red
  const logs = logCounts(logRows, buckets)
  return {
    timestamp: new Date().toISOString(),
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    intervalSeconds: step,
    ...(state && { health: state, checks: state.checks }),
    ...total,
    activeUsers: activity.users,
    activeSessions: activity.sessions,
    latency: { p50: total.p50, p95: total.p95, p99: total.p99 },
    series,
    services: services.slice(0, shownServices).map(({ series: { requestRate, errorRate, p95 }, ...service }) => ({
      ...service,
      series: { requestRate, errorRate, p95 },
    })),
    serviceCount: services.length,
    endpoints: {
      busiest: endpoints.slice(0, 10),
      slowest: [...endpoints].sort((a, b) => (b.p95 ?? 0) - (a.p95 ?? 0)).slice(0, 10),
    },
    system,
    logs: {
      total: logs.total,
      byLevel: totalsByLevel(logs.series),
      series: logs.series.map(({ level, points }) => ({ level, points })),
    },
    errorTraces: errors.items,
    complete: activity.complete,
    completeAt: activity.completeAt,
  }
}

/** Every level, those without records as 0. */
function totalsByLevel(series: readonly { level: Level; total: number }[]): Record<Level, number> {
  const totals = new Map(series.map(({ level, total }) => [level, total]))
  return Object.fromEntries(levels.map((level) => [level, totals.get(level) ?? 0])) as Record<Level, number>
}
