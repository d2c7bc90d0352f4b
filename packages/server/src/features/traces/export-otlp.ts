import { tracesData } from '@burstlet/otlp/encode'
import type { TracesData } from '@burstlet/otlp/otlp-json'
import type { SpanRow } from '@burstlet/otlp/rows'
import { spanSelect } from '@burstlet/otlp/select'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { readSenderRows } from '../../querying/context/sender-rows.ts'
import { QueryLimitError } from '../../storage/clickhouse/reader.ts'
import { boundParams, readTraceBounds, withinBounds } from './trace-index.ts'

const maxSpans = 50_000

const spansQuery = `
SELECT ${spanSelect}
FROM spans
WHERE received >= now() - toIntervalDay({days:UInt32}) AND ${withinBounds}
  AND trace_id = toFixedString(unhex({traceId:String}), 16)
LIMIT {limit:UInt32}`

/**
 * A whole trace as it was sent, duplicates included.
 * @returns undefined when there is no such trace
 * @throws QueryLimitError when it has more than 50,000 spans
 */
export async function exportTrace(context: QueryContext, traceId: string): Promise<TracesData | undefined> {
  const bounds = await readTraceBounds(context, [traceId])
  if (!bounds) return undefined
  const rows = await context.reader.query<SpanRow>({
    sql: spansQuery,
    params: {
      days: context.retention.traces,
      traceId,
      ...boundParams(bounds),
      limit: maxSpans + 1,
    },
    signal: context.signal,
  })
  if (rows.length === 0) return undefined
  if (rows.length > maxSpans) {
    throw new QueryLimitError(`The trace has more than ${maxSpans} spans; read it in pages, without format=otlp.`)
  }
  const { resources, scopes } = await readSenderRows(context, rows)
  return tracesData(rows, resources, scopes)
}
