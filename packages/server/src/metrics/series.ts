import type { MetricType } from '@burstlet/contract/metrics'
import { metricTypes } from '@burstlet/contract/metrics'
import { compileFilter } from '../filters/compile.ts'
import { metricSignal } from '../filters/metrics.ts'
import type { Scope } from '../search/query-options.ts'
import { all, type Parameters } from '../search/statement.ts'
import { labelText } from './labels.ts'

/** Which series of a metric are asked for, and by what they are grouped. */
export interface SeriesSelection {
  readonly name: string
  readonly service?: string | undefined
  /** `key:value`, all of which hold. */
  readonly tags?: readonly string[] | undefined
  readonly filter?: string | undefined
  readonly groupBy: readonly string[]
  /** Labels that are kept; series of all others have no labels, and so are one group. Every one when unset. */
  readonly kept?: readonly (readonly string[])[] | undefined
  /** Leaves out series whose labels are not kept. */
  readonly onlyKept?: boolean | undefined
}

/** What the series of a name are; a name whose type or unit changed counts as what it was last. */
export interface MetricKind {
  readonly type: MetricType
  readonly unit: string
  readonly monotonic: boolean
}

interface KindRow {
  readonly type: number
  readonly unit: string
  readonly monotonic: boolean
}

/** @returns undefined when there is no such metric */
export async function readMetricKind(scope: Scope, name: string): Promise<MetricKind | undefined> {
  const [row] = await scope.reader.query<KindRow>({
    sql: `
SELECT type, unit, any(metric_series.monotonic) AS monotonic
FROM metric_series
WHERE space = {space:String} AND name = {name:String} AND received >= now() - toIntervalDay({days:UInt32})
GROUP BY type, unit
ORDER BY max(received) DESC, count() DESC
LIMIT 1`,
    params: { space: scope.space, name, days: scope.retention.metrics },
    signal: scope.signal,
  })
  return row && { type: metricTypes[row.type - 1]!, unit: row.unit, monotonic: row.monotonic }
}

/**
 * A subquery of the selected series: fingerprint, temporality (1 delta, 2 cumulative), monotonic, bounds, and `labels`,
 * the values of `groupBy` in order.
 * @param kind only series of this type and unit; all when undefined
 * @param extra SQL of one more column, `extra`, over `series` and `sender`
 */
export function seriesQuery(
  selection: SeriesSelection,
  kind: MetricKind | undefined,
  scope: Scope,
  parameters: Parameters,
  extra?: string,
): string {
  const { name, service, tags = [], filter, groupBy, kept } = selection
  const space = parameters.value('String', scope.space)
  const days = parameters.value('UInt32', scope.retention.metrics)
  const conditions = all([
    `space = ${space}`,
    `name = ${parameters.value('String', name)}`,
    `received >= now() - toIntervalDay(${days})`,
    kind && `type = ${metricTypes.indexOf(kind.type) + 1}`,
    kind && `unit = ${parameters.value('String', kind.unit)}`,
    service === undefined ? undefined : `service = ${parameters.value('String', service)}`,
    filter === undefined
      ? undefined
      : compileFilter(filter, metricSignal, { parameters, space: scope.space, retentionDays: scope.retention.metrics }),
  ])
  const labels = groupBy.map((key) => labelText(key, parameters))
  const holds = tags.map((tag) => {
    const at = tag.indexOf(':')
    return `${labelText(tag.slice(0, at), parameters)} = ${parameters.value('String', tag.slice(at + 1))}`
  })
  const own = `array(${labels.join(', ')})::Array(String)`
  const isKept = kept && `has(${parameters.value('Array(Array(String))', kept)}, ${own})`
  const grouped = isKept && !selection.onlyKept ? `if(${isKept}, ${own}, []::Array(String))` : own
  if (isKept && selection.onlyKept) holds.push(isKept)
  const senders =
    labels.length + holds.length === 0 && extra === undefined
      ? ''
      : `
  LEFT JOIN (
    SELECT hash, attr_s, attr_i, attr_f, attr_b, attr_x FROM resources
    WHERE space = ${space} AND received >= now() - toIntervalDay(${days}) LIMIT 1 BY hash
  ) AS sender ON sender.hash = series.res_hash`
  return `(
  SELECT series.fingerprint AS fingerprint, series.temporality AS temporality, series.monotonic AS monotonic,
    series.bounds AS bounds, ${grouped} AS labels${extra === undefined ? '' : `, ${extra} AS extra`}
  FROM (
    SELECT fingerprint, temporality, monotonic, bounds, service, res_hash, attr_s, attr_i, attr_f, attr_b, attr_x
    FROM metric_series WHERE ${conditions} LIMIT 1 BY fingerprint
  ) AS series${senders}
  WHERE ${all(holds)}
)`
}
