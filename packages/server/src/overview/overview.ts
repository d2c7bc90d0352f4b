import { type Level, levels } from '@burstlet/contract/common'
import type { Health } from '@burstlet/contract/health'
import type { OverviewAnswer } from '@burstlet/contract/overview'
import { logCounts, readCounts } from '../logs/histogram.ts'
import { readActive } from '../metrics/activity.ts'
import type { Scope } from '../search/query-options.ts'
import { bucketsOf, chooseInterval, rangeSeconds, type TimeRange } from '../search/time-range.ts'
import { readEndpoints } from '../services/endpoints.ts'
import { readServices } from '../services/list.ts'
import { minuteBucket, type RedRow, redColumns, redFigures, redSeries } from '../services/red.ts'
import { redSource } from '../services/red-source.ts'
import { searchTraces } from '../traces/search.ts'
import { readHosts } from './hosts.ts'

type Bucketed = RedRow & { readonly bucket: string }

/** Services that get a row with sparklines. */
const shownServices = 50

/** Everything of the first page: about ten small questions, asked at once. */
export async function readOverview(
  scope: Scope,
  range: TimeRange,
  health?: () => Promise<Health>,
): Promise<OverviewAnswer> {
  const step = chooseInterval(range, 60, 60)
  const [source, fine] = await Promise.all([redSource(scope, range), redSource(scope, range, step)])
  const columns = redColumns('red_service_1m')
  const series = <Row>(key: string, where = '') =>
    scope.reader.query<Row>({
      sql: `SELECT ${key}, ${columns} FROM ${fine.services} ${where} GROUP BY ALL`,
      params: { ...fine.params, step, services: shownServices },
      signal: scope.signal,
    })
  const bucket = `toString(${minuteBucket}) AS bucket`
  const [totals, total, serviceSeries, services, endpoints, logRows, system, errors, activity, state] =
    await Promise.all([
      scope.reader.query<RedRow>({
        sql: `SELECT ${columns} FROM ${source.services}`,
        params: source.params,
        signal: scope.signal,
      }),
      series<Bucketed>(bucket),
      series<Bucketed & { service: string }>(
        `service, ${bucket}`,
        `WHERE service IN (
  SELECT service FROM ${fine.services} GROUP BY service ORDER BY sum(red_service_1m.count) DESC, service LIMIT {services:UInt32}
)`,
      ),
      readServices(scope, range, source),
      readEndpoints(scope, range, 1000, { source }),
      readCounts(scope, {}, range, step),
      readHosts(scope, range, step),
      searchTraces(scope, { status: 'error' }, range, 10),
      readActive(scope, range),
      health?.(),
    ])
  const buckets = bucketsOf(range, step)
  const figures = redFigures(totals[0], rangeSeconds(range))
  const logs = logCounts(logRows, buckets)
  const byService = Map.groupBy(serviceSeries, (row) => row.service)
  return {
    timestamp: new Date().toISOString(),
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    intervalSeconds: step,
    ...(state && { health: state, checks: state.checks }),
    ...figures,
    activeUsers: activity.users,
    activeSessions: activity.sessions,
    latency: { p50: figures.p50, p95: figures.p95, p99: figures.p99 },
    series: redSeries(total, buckets, step),
    services: services.slice(0, shownServices).map((service) => {
      const { requestRate, errorRate, p95 } = redSeries(byService.get(service.name) ?? [], buckets, step)
      return { ...service, series: { requestRate, errorRate, p95 } }
    }),
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
  }
}

/** Every level, those without records as 0. */
function totalsByLevel(series: readonly { level: Level; total: number }[]): Record<Level, number> {
  const totals = new Map(series.map(({ level, total }) => [level, total]))
  return Object.fromEntries(levels.map((level) => [level, totals.get(level) ?? 0])) as Record<Level, number>
}
