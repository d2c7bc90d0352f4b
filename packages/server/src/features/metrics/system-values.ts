import type { QueryContext } from '../../querying/context/query-context.ts'
import { remembered } from '../../querying/context/remembered.ts'
import { dayStart, nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'

/** One kind of value of one host in one interval. */
export interface HostValue {
  readonly host: string
  readonly bucket: string
  readonly metric: string
  /** `idle`, `used`, `receive`, …; '' where the metric has none. */
  readonly state: string
  /** Mount point of a file system, else ''. */
  readonly mount: string
  /** Mean over the reporters of the host. */
  readonly mean: number
  /** Of the reporter with most. */
  readonly most: number
  /** What a counter gained, of the reporter with most. */
  readonly gained: number
  /** Different processors. */
  readonly cores: string
  /** Epoch ms of the newest point. */
  readonly newest: string
}

/** Metrics of hosts and processes: semantic conventions, as the SDK and the Collector's hostmetrics receiver send them. */
const hostMetrics = [
  'system.cpu.utilization',
  'system.cpu.time',
  'system.cpu.logical.count',
  'system.cpu.load_average.1m',
  'system.cpu.load_average.5m',
  'system.cpu.load_average.15m',
  'system.memory.usage',
  'system.memory.utilization',
  'system.memory.limit',
  'system.filesystem.usage',
  'system.network.io',
  'process.cpu.utilization',
  'process.memory.usage',
  'process.uptime',
  'nodejs.eventloop.delay.mean',
  'nodejs.eventloop.delay.p99',
] as const

/** How far before a point the one before it may lie, ms. */
function lookbackMs(intervalSeconds: number): number {
  return Math.max(900_000, 2 * intervalSeconds * 1000)
}

/** First of several attributes that a series has; the conventions renamed these, the Collector has its own. */
const firstOf = (...keys: string[]) =>
  `multiIf(${keys.map((key) => `series.attr_s['${key}'] != '', series.attr_s['${key}']`).join(', ')}, '')`

const state = firstOf(
  'cpu.mode',
  'system.cpu.state',
  'system.memory.state',
  'system.filesystem.state',
  'network.io.direction',
  'system.network.direction',
  'state',
  'direction',
)
const mount = firstOf('system.filesystem.mountpoint', 'mountpoint')
const device = firstOf('network.interface.name', 'system.device', 'device')
const core = `multiIf(mapContains(series.attr_i, 'cpu.logical_number'), toString(series.attr_i['cpu.logical_number']),
  mapContains(series.attr_i, 'system.cpu.logical_number'), toString(series.attr_i['system.cpu.logical_number']), ${firstOf('cpu.logical_number', 'cpu')})`

/**
 * Several processes of one host report the same host, so values are brought together in steps: over time within a series,
 * over the parts of a reporter (processors averaged, network devices and modes of a process added), over the reporters.
 */
const valuesQuery = `
WITH chosen AS (
  SELECT series.fingerprint AS fingerprint, series.res_hash AS reporter, series.temporality AS temporality,
    multiIf(sender.attr_s['host.name'] != '', sender.attr_s['host.name'], sender.attr_s['host.id'] != '', sender.attr_s['host.id'], 'unknown') AS host,
    ${state} AS state, ${mount} AS mount, ${core} AS core
  FROM (
    SELECT name, fingerprint, temporality, res_hash, attr_s, attr_i FROM metric_series
    WHERE name IN {names:Array(String)} AND received >= now() - toIntervalDay({days:UInt32})
      AND received >= toDateTime({firstDay:UInt32})
    LIMIT 1 BY name, fingerprint
  ) AS series
  LEFT JOIN (
    SELECT hash, attr_s FROM resources WHERE received >= now() - toIntervalDay({days:UInt32}) LIMIT 1 BY hash
  ) AS sender ON sender.hash = series.res_hash
  WHERE ({host:String} = '' OR host = {host:String}) AND NOT (series.name = 'system.network.io' AND ${device} IN ('lo', 'lo0'))
)
SELECT host, toString(bucket) AS bucket, metric, state, mount, avg(value) AS mean, max(value) AS most, max(gain) AS gained,
  max(core_count) AS cores, toString(max(last)) AS newest
FROM (
  SELECT host, reporter, bucket, metric, if(startsWith(metric, 'process.'), '', state) AS state, mount,
    if(startsWith(metric, 'process.'), sum(value_in_series), avg(value_in_series)) AS value,
    sum(gain_in_series) AS gain, uniqExactIf(core, core != '') AS core_count, max(last_in_series) AS last
  FROM (
    SELECT any(host) AS host, any(reporter) AS reporter, bucket, metric, any(state) AS state, any(mount) AS mount, any(core) AS core,
      avg(v) AS value_in_series, sum(gain) AS gain_in_series, max(at) AS last_in_series
    FROM (
      SELECT chosen.host AS host, chosen.reporter AS reporter, chosen.state AS state, chosen.mount AS mount, chosen.core AS core,
        point.fingerprint AS fingerprint, point.name AS metric, point.value AS v, toUnixTimestamp64Milli(point.time) AS at,
        intDiv(at, {step:Int64} * 1000) * {step:Int64} * 1000 AS bucket,
        any(point.value) OVER w AS previous, count() OVER w = 0 AS first,
        multiIf(chosen.temporality = 1, v, first, 0, v < previous, v, v - previous) AS gain
      FROM metric_samples AS point
      INNER JOIN chosen ON chosen.fingerprint = point.fingerprint
      WHERE point.name IN {names:Array(String)}
        AND point.fingerprint IN (SELECT fingerprint FROM chosen)
        AND point.received >= now() - toIntervalDay({days:UInt32})
        AND point.time >= fromUnixTimestamp64Nano({lower:Int64}) AND point.time < fromUnixTimestamp64Nano({to:Int64})
        AND point.value_type != 0
      WINDOW w AS (PARTITION BY point.name, point.fingerprint ORDER BY point.time ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)
    )
    WHERE at >= {from:Int64}
    GROUP BY metric, fingerprint, bucket
  )
  GROUP BY host, reporter, bucket, metric, state, mount
)
GROUP BY host, bucket, metric, state, mount`

const anyQuery = `
SELECT 1 FROM metric_series
WHERE name IN {names:Array(String)} AND received >= toDateTime({firstDay:UInt32})
LIMIT 1`

/** Whether any host reports at all; to plan the question for its values takes longer than most questions take. */
function hasHosts(context: QueryContext, names: readonly string[], firstDay: number): Promise<boolean> {
  return remembered(context, ['hosts', names, firstDay], async () => {
    const params = { names, firstDay }
    return (await context.reader.query({ sql: anyQuery, params, signal: context.signal })).length > 0
  })
}

/** @param host only this one's @param names which of {@link hostMetrics} */
export async function readHostValues(
  context: QueryContext,
  range: TimeRange,
  intervalSeconds: number,
  host?: string,
  names: readonly string[] = hostMetrics,
): Promise<HostValue[]> {
  const lower = range.from - lookbackMs(intervalSeconds)
  const firstDay = dayStart(lower)
  if (!(await hasHosts(context, names, firstDay))) return []
  return context.reader.query<HostValue>({
    sql: valuesQuery,
    params: {
      days: context.retention.metrics,
      names,
      host: host ?? '',
      step: intervalSeconds,
      firstDay,
      lower: nanoseconds(lower),
      from: range.from,
      to: nanoseconds(range.to),
    },
    signal: context.signal,
  })
}
