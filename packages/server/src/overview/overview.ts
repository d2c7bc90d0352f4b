import { type Level, levels } from '@burstlet/contract/common'
import type { Health } from '@burstlet/contract/health'
import type { OverviewAnswer } from '@burstlet/contract/overview'
import { logCounts, readCounts } from '../logs/histogram.ts'
import type { Scope } from '../search/query-options.ts'
import { bucketsOf, chooseInterval, rangeSeconds, type TimeRange } from '../search/time-range.ts'
import { readEndpoints } from '../services/endpoints.ts'
import { readServices } from '../services/list.ts'
import {
  entrySpansWithin,
  minuteBucket,
  type RedRow,
  redColumns,
  redFigures,
  redParams,
  redSeries,
} from '../services/red.ts'
import { searchTraces } from '../traces/search.ts'
import { readHosts } from './hosts.ts'

type Bucketed = RedRow & { readonly bucket: string }

/** Services that get a row with sparklines. */
const shownServices = 50

const totalQuery = `
SELECT ${redColumns('red_service_1m')} FROM red_service_1m WHERE ${entrySpansWithin}`

const seriesQuery = `
SELECT toString(${minuteBucket}) AS bucket, ${redColumns('red_service_1m')}
FROM red_service_1m WHERE ${entrySpansWithin} GROUP BY bucket`

const serviceSeriesQuery = `
SELECT service, toString(${minuteBucket}) AS bucket, ${redColumns('red_service_1m')}
FROM red_service_1m
WHERE ${entrySpansWithin} AND service IN (
  SELECT service FROM red_service_1m WHERE ${entrySpansWithin}
  GROUP BY service ORDER BY sum(red_service_1m.count) DESC, service LIMIT {services:UInt32}
)
GROUP BY service, bucket`

/** Everything of the first page: about ten small questions, asked at once. */
export async function readOverview(
  scope: Scope,
  range: TimeRange,
  health?: () => Promise<Health>,
): Promise<OverviewAnswer> {
  const step = chooseInterval(range, 60, 60)
  const params = { ...redParams(scope, range), step, services: shownServices }
  const read = <Row>(sql: string) => scope.reader.query<Row>({ sql, params, signal: scope.signal })
  const [totals, series, serviceSeries, services, endpoints, logRows, system, errors, state] = await Promise.all([
    read<RedRow>(totalQuery),
    read<Bucketed>(seriesQuery),
    read<Bucketed & { service: string }>(serviceSeriesQuery),
    readServices(scope, range),
    readEndpoints(scope, range, 1000),
    readCounts(scope, {}, range, step),
    readHosts(scope, range, step),
    searchTraces(scope, { status: 'error' }, range, 10),
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
    latency: { p50: figures.p50, p95: figures.p95, p99: figures.p99 },
    series: redSeries(series, buckets, step),
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
