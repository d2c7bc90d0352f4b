import type { ExemplarsResponse } from '@burstlet/contract/metrics'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { attributesOfText } from '../../querying/statements/attributes.ts'
import { all, Parameters } from '../../querying/statements/parameters.ts'
import { isoOfNanoseconds, nanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { type KindChoice, readMetricKinds } from './kinds.ts'
import { type SeriesSelection, seriesQuery } from './series.ts'

interface ExemplarRow {
  readonly time: string
  readonly measured: number
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  readonly attributes: string
}

const noId = /^0*$/

/** Single measurements of the selected series, newest first. */
export async function readExemplars(
  context: QueryContext,
  selection: SeriesSelection,
  range: TimeRange,
  choice: KindChoice,
  question: { minValue?: number | undefined; maxValue?: number | undefined; limit: number },
): Promise<ExemplarsResponse> {
  const parameters = new Parameters()
  const value = (type: string, of: unknown) => parameters.value(type, of)
  const name = value('String', selection.name)
  const kept = `received >= now() - toIntervalDay(${value('UInt32', context.retention.metrics)})`
  const { chosen: kind } = await readMetricKinds(context, selection, range, choice)
  if (!kind) return { items: [], unit: choice.unit ?? '' }
  const chosen = seriesQuery(selection, kind, context, parameters)
  const { minValue, maxValue, limit } = question
  const rows = await context.reader.query<ExemplarRow>({
    sql: `
SELECT toString(toUnixTimestamp64Nano(exemplars.time)) AS time, measured, series.service AS service,
  lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, attributes
FROM (
  SELECT metric_exemplars.*, if(value_type = 2, toFloat64(value_int), value_double) * chosen.factor AS measured
  FROM metric_exemplars INNER JOIN ${chosen} AS chosen ON chosen.fingerprint = metric_exemplars.fingerprint
  WHERE ${all([
    `metric_exemplars.name = ${name}`,
    `metric_exemplars.${kept}`,
    // JSON has no infinities.
    'isFinite(measured)',
    `metric_exemplars.time >= fromUnixTimestamp64Nano(${value('Int64', nanoseconds(range.from))})`,
    `metric_exemplars.time < fromUnixTimestamp64Nano(${value('Int64', nanoseconds(range.to))})`,
    minValue === undefined ? undefined : `measured >= ${value('Float64', minValue)}`,
    maxValue === undefined ? undefined : `measured <= ${value('Float64', maxValue)}`,
  ])} AND metric_exemplars.fingerprint IN (SELECT fingerprint FROM ${chosen})
  ORDER BY metric_exemplars.time DESC LIMIT ${value('UInt32', limit)}
) AS exemplars
LEFT JOIN (
  SELECT fingerprint, any(metric_series.service) AS service FROM metric_series
  WHERE name = ${name} AND ${kept} GROUP BY fingerprint
) AS series ON series.fingerprint = exemplars.fingerprint
ORDER BY exemplars.time DESC`,
    params: parameters.params,
    signal: context.signal,
  })
  return {
    unit: kind.unit,
    items: rows.map((row) => ({
      timestamp: isoOfNanoseconds(row.time),
      value: row.measured,
      service: row.service,
      traceId: noId.test(row.traceId) ? null : row.traceId,
      spanId: noId.test(row.spanId) ? null : row.spanId,
      attributes: attributesOfText(row.attributes),
    })),
  }
}
