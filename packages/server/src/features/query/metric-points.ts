import type { ProblemError } from '@burstlet/contract/errors'
import type { QueryResult } from '@burstlet/contract/query'
import type { AttributeColumns } from '@burstlet/otlp/rows'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { attributeColumns, attributesOf } from '../../querying/statements/attributes.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { newestFirst } from '../../querying/time/newest-first.ts'
import { isoOfNanoseconds, type TimeRange } from '../../querying/time/time-range.ts'
import { pointsWithin, pointTables, tablesOf } from '../metrics/points.ts'
import { seriesQuery } from '../metrics/series.ts'
import { finite } from './evaluated.ts'
import type { PlannedQuery } from './plan.ts'
import { kindsOf, metricOf } from './read-metric.ts'

type PointRow = AttributeColumns & { timeNano: string; service: string; value: unknown; count: string; sum: unknown }

/** Points of one metric as they were sent, newest first. */
export async function readMetricPoints(
  query: PlannedQuery,
  context: QueryContext,
  range: TimeRange,
): Promise<{ result: QueryResult; source: string; warnings?: readonly Omit<ProblemError, 'path'>[] }> {
  const { name } = metricOf(query)
  const { chosen: kind, found: metricKinds, warnings } = await kindsOf(query, context, range)
  const type = kind?.type ?? 'gauge'
  const single = type === 'gauge' || type === 'sum'
  const tables = kind ? tablesOf(kind) : [pointTables[type]]
  const found = kind
    ? await newestFirst(range, query.limit + 1, (slice, limit) => {
        const parameters = new Parameters()
        const selection = { name, filter: query.filter, groupBy: [] }
        const series = seriesQuery(selection, kind, context, parameters)
        const values = single
          ? 'point.value * described.factor AS value'
          : 'point.count AS count, point.sum * described.factor AS sum'
        const parts = tables.map(
          (table) => `
SELECT point.time AS at, point.fingerprint AS sender, toString(toUnixTimestamp64Nano(point.time)) AS timeNano, ${values},
  described.service AS service, ${attributeColumns}
FROM ${table} AS point
INNER JOIN (
  SELECT chosen.factor AS factor, metric_series.fingerprint AS fingerprint, service, ${attributeColumns}
  FROM metric_series INNER JOIN ${series} AS chosen ON chosen.fingerprint = metric_series.fingerprint
  WHERE name = ${parameters.value('String', name)}
  LIMIT 1 BY fingerprint
) AS described ON described.fingerprint = point.fingerprint
WHERE ${pointsWithin(selection, series, slice, context, parameters)}`,
        )
        return context.reader.query<PointRow>({
          sql: `
SELECT * EXCEPT (at, sender) FROM (${parts.join('\nUNION ALL')})
ORDER BY at DESC, sender
LIMIT ${parameters.value('UInt32', limit)}`,
          params: parameters.params,
          signal: context.signal,
        })
      })
    : []
  const unit = kind?.unit ? { unit: kind.unit } : {}
  const number = { type: 'number', role: 'value' } as const
  return {
    source: tables.join(', '),
    warnings,
    result: {
      kind: 'raw',
      metricKinds: [...metricKinds],
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
