import { querySignals } from '@burstlet/contract/query'
import { sourcesOf } from '../../querying/cache/response-cache.ts'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { remembered } from '../../querying/context/remembered.ts'
import { dayStart, nanoseconds, type TimeRange, wholeMinutes } from '../../querying/time/time-range.ts'

/** More services than this are not told apart. */
const maxServices = 10_000
/** Series of one service of which points are looked for. */
const maxSeries = 200

// A resource stands once a day, so the day that the range begins in counts whole. What was received on the days of the range was
// most likely about them; of what came later, or by a clock that is ahead, its own time has to be looked at.
const receivedQuery = `
SELECT service, max(resources.received >= toDateTime({firstDay:UInt32}) AND resources.received < fromUnixTimestamp64Nano({to:Int64})) AS then
FROM resources
WHERE received >= toDateTime({firstDay:UInt32}) - 86400 AND service != ''
GROUP BY service
LIMIT ${maxServices}`

const within = (column: string) =>
  `${column} >= fromUnixTimestamp64Nano({from:Int64}) AND ${column} < fromUnixTimestamp64Nano({to:Int64})`

/** Of entry spans and calls, and of logs, rollups by minute tell; the spans themselves of those that send neither. */
const countedQuery = `
SELECT DISTINCT service FROM (
  SELECT service FROM red_service_1m WHERE kind IN (2, 3, 5) AND service IN {services:Array(String)} AND ${within('minute')}
  UNION ALL
  SELECT service FROM log_levels_1m WHERE service IN {services:Array(String)} AND ${within('minute')}
)`
const spansQuery = `
SELECT DISTINCT service FROM spans WHERE service IN {services:Array(String)} AND ${within('spans.start')}`

const pointsOf = (table: string) => `
  SELECT fingerprint FROM ${table}
  WHERE (name, fingerprint) IN (SELECT name, fingerprint FROM series) AND ${within(`${table}.time`)}`
const metricsQuery = `
WITH series AS (
  SELECT service, name, fingerprint FROM metric_series WHERE service IN {services:Array(String)}
  LIMIT ${maxSeries} BY service
)
SELECT DISTINCT service FROM series WHERE fingerprint IN (${[
  'metric_samples',
  'metric_histograms',
  'metric_exponential_histograms',
  'metric_summaries',
]
  .map(pointsOf)
  .join('\n  UNION ALL')})`

/**
 * Names of all that sent something on the days of the range, and of those whose telemetry of that time came on other days; in no order.
 */
export function readServiceNames(context: QueryContext, range: TimeRange): Promise<string[]> {
  const firstDay = dayStart(range.from)
  const times = wholeMinutes(range)
  return remembered(
    context,
    ['services', firstDay, times.from, times.to],
    async () => {
      const params = { firstDay, from: nanoseconds(times.from), to: nanoseconds(times.to) }
      const read = <Row>(sql: string, more: object = {}) =>
        context.reader.query<Row>({ sql, params: { ...params, ...more }, signal: context.signal })
      const received = await read<{ service: string; then: number }>(receivedQuery)
      const names = received.filter(({ then }) => then === 1).map(({ service }) => service)
      let others = received.filter(({ then }) => then === 0).map(({ service }) => service)
      for (const sql of [countedQuery, spansQuery, metricsQuery]) {
        if (others.length === 0) break
        const found = (await read<{ service: string }>(sql, { services: others })).map(({ service }) => service)
        names.push(...found)
        const isFound = new Set(found)
        others = others.filter((service) => !isFound.has(service))
      }
      return names
    },
    sourcesOf(querySignals, range),
  )
}
