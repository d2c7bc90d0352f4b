import type { QueryResult } from '@burstlet/contract/query'
import type { AttributeColumns } from '@burstlet/otlp/rows'
import { pointsWithin, pointTables } from '../metrics/points.ts'
import { readMetricKind, seriesQuery } from '../metrics/series.ts'
import { attributeColumns, attributesOf } from '../search/attributes.ts'
import { newestFirst } from '../search/newest-first.ts'
import type { Scope } from '../search/query-options.ts'
import { Parameters } from '../search/statement.ts'
import { isoOfNanoseconds, type TimeRange } from '../search/time-range.ts'
import { finite } from './evaluated.ts'
import type { PlannedQuery } from './plan.ts'
import { metricOf } from './read-metric.ts'

type PointRow = AttributeColumns & { timeNano: string; service: string; value: unknown; count: string; sum: unknown }

/** Points of one metric as they were sent, newest first. */
export async function readMetricPoints(
  query: PlannedQuery,
  scope: Scope,
  range: TimeRange,
): Promise<{ result: QueryResult; source: string }> {
  const { name } = metricOf(query)
  const kind = await readMetricKind(scope, name)
  const type = kind?.type ?? 'gauge'
  const single = type === 'gauge' || type === 'sum'
  const table = pointTables[type]
  const found = kind
    ? await newestFirst(range, query.limit + 1, (slice, limit) => {
        const parameters = new Parameters()
        const selection = { name, filter: query.filter, groupBy: [] }
        const series = seriesQuery(selection, kind, scope, parameters)
        const values = single ? 'point.value AS value' : 'point.count AS count, point.sum AS sum'
        return scope.reader.query<PointRow>({
          sql: `
SELECT toString(toUnixTimestamp64Nano(point.time)) AS timeNano, ${values}, described.service AS service, ${attributeColumns}
FROM ${table} AS point
INNER JOIN (
  SELECT fingerprint, service, ${attributeColumns} FROM metric_series
  WHERE space = ${parameters.value('String', scope.space)} AND name = ${parameters.value('String', name)}
  LIMIT 1 BY fingerprint
) AS described ON described.fingerprint = point.fingerprint
WHERE ${pointsWithin(selection, series, slice, scope, parameters)}
ORDER BY point.time DESC, point.fingerprint
LIMIT ${parameters.value('UInt32', limit)}`,
          params: parameters.params,
          signal: scope.signal,
        })
      })
    : []
  const unit = kind?.unit ? { unit: kind.unit } : {}
  const number = { type: 'number', role: 'value' } as const
  return {
    source: table,
    result: {
      kind: 'raw',
      columns: [
        { name: 'timestamp', type: 'time', role: 'time' },
        { name: 'service.name', type: 'string', role: 'value' },
        { name: 'attributes', type: 'object', role: 'value' },
        ...(single
          ? [{ name: 'value', ...number, ...unit }]
          : [
              { name: 'count', ...number },
              { name: 'sum', ...number, ...unit },
            ]),
      ],
      rows: found
        .slice(0, query.limit)
        .map((row) => [
          isoOfNanoseconds(row.timeNano),
          row.service,
          attributesOf(row),
          ...(single ? [finite(row.value)] : [Number(row.count), finite(row.sum)]),
        ]),
      truncated: found.length > query.limit,
      nextCursor: null,
    },
  }
}
