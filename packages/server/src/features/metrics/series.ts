import type { MetricType } from '@burstlet/contract/metrics'
import { metricTypes } from '@burstlet/contract/metrics'
import type { Filter } from '@burstlet/query-language/filter'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { labelText } from '../../querying/fields/metric-labels.ts'
import { compileFilter } from '../../querying/filters/compile.ts'
import { metricSignal } from '../../querying/filters/metrics.ts'
import { all, type Parameters } from '../../querying/statements/parameters.ts'

/** Which series of a metric are asked for, and by what they are grouped. */
export interface SeriesSelection {
  readonly name: string
  readonly service?: string | undefined
  /** `key:value`, all of which hold. */
  readonly tags?: readonly string[] | undefined
  readonly filter?: Filter | undefined
  readonly groupBy: readonly string[]
  /** Labels that are kept; series of all others have no labels, and so are one group. Every one when unset. */
  readonly kept?: readonly (readonly string[])[] | undefined
  /** Leaves out series whose labels are not kept. */
  readonly onlyKept?: boolean | undefined
}

/** What is read of a name: series of these types and units, whose values are put together in one unit. */
export interface MetricKind {
  /** That of most series. */
  readonly type: MetricType
  readonly types: readonly MetricType[]
  readonly monotonic: boolean
  /** That values are given in. */
  readonly unit: string
  /** Units that series have, and what their values are multiplied by. */
  readonly factors: readonly (readonly [unit: string, factor: number])[]
}

/**
 * A subquery of the selected series: fingerprint, type, unit, temporality (1 delta, 2 cumulative), monotonic, bounds, `factor`
 * that values are multiplied by, and `labels`, the values of `groupBy` in order.
 * @param kind only series of this kind; all when undefined
 * @param extra SQL of one more column, `extra`, over `series` and `sender`
 */
export function seriesQuery(
  selection: SeriesSelection,
  kind: MetricKind | undefined,
  context: QueryContext,
  parameters: Parameters,
  extra?: string,
): string {
  const { name, service, tags = [], filter, groupBy, kept } = selection
  const days = parameters.value('UInt32', context.retention.metrics)
  const conditions = all([
    `name = ${parameters.value('String', name)}`,
    `received >= now() - toIntervalDay(${days})`,
    kind && `type IN ${typesOf(kind, parameters)}`,
    kind?.type === 'sum' ? `monotonic = ${kind.monotonic}` : undefined,
    kind && `unit IN ${unitsOf(kind, parameters)}`,
    service === undefined ? undefined : `service = ${parameters.value('String', service)}`,
    filter === undefined
      ? undefined
      : compileFilter(filter, metricSignal, {
          parameters,
          retentionDays: context.retention.metrics,
        }),
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
  const factor = kind ? factorOf(kind, parameters) : '1.'
  const senders =
    labels.length + holds.length === 0 && extra === undefined
      ? ''
      : `
  LEFT JOIN (
    SELECT hash, attr_s, attr_i, attr_f, attr_b, attr_x FROM resources
    WHERE received >= now() - toIntervalDay(${days}) LIMIT 1 BY hash
  ) AS sender ON sender.hash = series.res_hash`
  return `(
  SELECT series.fingerprint AS fingerprint, series.type AS type, toString(series.unit) AS unit, ${factor} AS factor,
    series.temporality AS temporality, series.monotonic AS monotonic,
    series.bounds AS bounds, ${grouped} AS labels${extra === undefined ? '' : `, ${extra} AS extra`}
  FROM (
    SELECT fingerprint, type, unit, temporality, monotonic, bounds, service, res_hash, attr_s, attr_i, attr_f, attr_b, attr_x
    FROM metric_series WHERE ${conditions} LIMIT 1 BY fingerprint
  ) AS series${senders}
  WHERE ${all(holds)}
)`
}

function typesOf({ types }: MetricKind, parameters: Parameters): string {
  return parameters.value(
    'Array(UInt8)',
    types.map((type) => metricTypes.indexOf(type) + 1),
  )
}

function unitsOf({ factors }: MetricKind, parameters: Parameters): string {
  return parameters.value(
    'Array(String)',
    factors.map(([unit]) => unit),
  )
}

function factorOf(kind: MetricKind, parameters: Parameters): string {
  const { factors } = kind
  if (factors.every(([, factor]) => factor === 1)) return '1.'
  const values = parameters.value(
    'Array(Float64)',
    factors.map(([, factor]) => factor),
  )
  return `${values}[indexOf(${unitsOf(kind, parameters)}, toString(series.unit))]`
}
