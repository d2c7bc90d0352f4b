import type { RedSeries, Service } from '@burstlet/contract/services'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { bucketsOf, coveredSeconds, type TimeRange, wholeMinutes } from '../../querying/time/time-range.ts'
import { percentileSql } from '../red/percentile.ts'
import { minuteBucket, redSeconds } from '../red/red.ts'
import type { RedSource } from '../red/red-source.ts'
import { readServiceNames } from '../red/service-names.ts'
import { mostRequestsFirst } from '../red/services.ts'

type Figures = Omit<Service, 'name'>

/** RED of all services together and of each, over the range and over time. */
export interface RedOfServices {
  readonly total: Figures
  readonly series: RedSeries
  /** Every one that sent something, most requests first, then by name. */
  readonly services: readonly (Service & { readonly series: RedSeries })[]
}

interface Row {
  /** '' where the row is of all services. */
  readonly service: string
  /** Epoch ms; '' where the row is of the whole range. */
  readonly bucket: string
  readonly requests: number
  readonly failed: number
  readonly percentiles: readonly [p50: number | null, p95: number | null, p99: number | null]
}

/** Percentiles of the row's `durations` up to its `longest`: thousands of rows need no more of the histogram. */
const percentiles = `arrayMap(level -> if(requests > 0, ${percentileSql('durations', 'level', 'longest')}, NULL), [0.5, 0.95, 0.99])`

/**
 * Reads the rollup once, and brings it together in four ways.
 * @param source whose points are as fine as `step`
 * @param step seconds
 */
export async function readRedOfServices(
  context: QueryContext,
  range: TimeRange,
  source: RedSource,
  step: number,
): Promise<RedOfServices> {
  const [rows, names] = await Promise.all([readRows(context, source, step), readServiceNames(context, range)])
  const seconds = redSeconds(range)
  const counted = wholeMinutes(range)
  const buckets = bucketsOf(range, step).map((at) => ({ at, seconds: coveredSeconds(at, step, counted) }))
  const byService = Map.groupBy(rows, ({ service }) => service)
  const figures = (service: string) => {
    const own = byService.get(service) ?? []
    const ofRange = figuresOf(
      own.find(({ bucket }) => bucket === ''),
      seconds,
    )
    return { ofRange, series: seriesOf(own, buckets) }
  }
  const { ofRange: total, series } = figures('')
  const services = [...new Set([...byService.keys(), ...names])]
    .filter((name) => name !== '')
    .map((name) => {
      const own = figures(name)
      return { name, ...own.ofRange, series: own.series }
    })
    .sort(mostRequestsFirst)
  return { total, series, services }
}

function readRows(context: QueryContext, source: RedSource, step: number): Promise<Row[]> {
  return context.reader.query<Row>({
    sql: `
WITH points AS (
  SELECT toString(service) AS name, ${minuteBucket} AS at, sum(red_service_1m.count) AS count, sum(red_service_1m.errors) AS errors,
    max(red_service_1m.max_us) AS max_us, sumMap(red_service_1m.histogram) AS histogram
  FROM ${source.services}
  GROUP BY name, at
)
SELECT service, bucket, requests, failed, ${percentiles} AS percentiles
FROM (
  SELECT if(grouping(name) = 1, '', name) AS service, if(grouping(at) = 1, '', toString(at)) AS bucket,
    sum(count) AS requests, sum(errors) AS failed, max(max_us) AS longest, sumMap(histogram) AS durations
  FROM points
  GROUP BY GROUPING SETS ((), (at), (name), (name, at))
)`,
    params: { ...source.params, step },
    signal: context.signal,
  })
}

function figuresOf(row: Row | undefined, seconds: number): Figures {
  const { requests = 0, failed = 0, percentiles: [p50, p95, p99] = [null, null, null] } = row ?? {}
  const errorRate = requests > 0 ? failed / requests : 0
  return { requests, requestRate: requests / seconds, errors: failed, errorRate, p50, p95, p99 }
}

function seriesOf(rows: readonly Row[], buckets: readonly { at: number; seconds: number }[]): RedSeries {
  const byBucket = new Map(rows.map((row) => [row.bucket, row]))
  const figures = buckets.map(({ at, seconds }) => [at, figuresOf(byBucket.get(String(at)), seconds)] as const)
  const series = (name: keyof RedSeries) => figures.map(([at, figure]): [number, number | null] => [at, figure[name]])
  return {
    requestRate: series('requestRate'),
    errorRate: series('errorRate'),
    p50: series('p50'),
    p95: series('p95'),
    p99: series('p99'),
  }
}
