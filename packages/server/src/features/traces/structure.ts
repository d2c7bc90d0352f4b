import type { QueryContext } from '../../querying/context/query-context.ts'
import { Parameters } from '../../querying/statements/parameters.ts'
import { QueryLimitError } from '../../storage/clickhouse/reader.ts'
import { matchCondition, spanFilter, type TraceSearch } from './match.ts'
import { boundParams, readTraceBounds, withinBounds } from './trace-index.ts'

interface LinkRow {
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string
  /** Fulfils the search itself. */
  readonly above: number
  /** Is what is looked for below. */
  readonly below: number
}

/** Spans of the traces that are looked at in one go. */
const maxSpans = 300_000

/**
 * Leaves the traces in which a span that fulfils the search has, at any depth below it, one that is asked for by `calls`
 * and one that failed, when `errorBelow` is. All of them when neither is asked for.
 */
export async function keepStructured(
  context: QueryContext,
  ids: readonly string[],
  search: TraceSearch,
): Promise<string[]> {
  let kept = [...ids]
  if (search.calls !== undefined) {
    const { calls } = search
    kept = await keep(context, kept, search, (parameters) => spanFilter(calls, context, parameters))
  }
  if (search.errorBelow) kept = await keep(context, kept, search, () => 'status = 2')
  return kept
}

async function keep(
  context: QueryContext,
  ids: readonly string[],
  search: TraceSearch,
  condition: (parameters: Parameters) => string,
): Promise<string[]> {
  const bounds = ids.length > 0 ? await readTraceBounds(context, ids) : undefined
  if (!bounds) return []
  const parameters = new Parameters()
  const above = matchCondition(search, context, parameters)
  const below = condition(parameters)
  const within = `received >= now() - toIntervalDay({days:UInt32}) AND ${withinBounds}
  AND trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16))`
  const rows = await context.reader.query<LinkRow>({
    // Only traces that have both are worth their links.
    sql: `
SELECT lower(hex(trace_id)) AS traceId, hex(span_id) AS spanId, hex(parent_id) AS parentId, (${above}) AS above, (${below}) AS below
FROM spans
WHERE ${within} AND trace_id IN (SELECT trace_id FROM spans WHERE ${within} AND (${below}))
LIMIT ${maxSpans + 1}`,
    params: {
      ...parameters.params,
      days: context.retention.traces,
      ids,
      ...boundParams(bounds),
    },
    signal: context.signal,
  })
  if (rows.length > maxSpans) {
    if (ids.length === 1)
      throw new QueryLimitError(`Trace ${ids[0]} has more than ${maxSpans} spans, too many to search its structure.`)
    const half = Math.ceil(ids.length / 2)
    const first = await keep(context, ids.slice(0, half), search, condition)
    return [...first, ...(await keep(context, ids.slice(half), search, condition))]
  }
  const byTrace = Map.groupBy(rows, ({ traceId }) => traceId)
  return ids.filter((id) => hasBelow(byTrace.get(id) ?? []))
}

/** Whether a span of the one kind stands above one of the other. */
function hasBelow(spans: readonly Omit<LinkRow, 'traceId'>[]): boolean {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const above = new Set(spans.filter((span) => span.above === 1).map(({ spanId }) => spanId))
  /** Spans that are known to have nothing above them, so that no way up is walked twice. */
  const without = new Set<string>()
  for (const span of spans) {
    if (span.below !== 1) continue
    const way: string[] = []
    let at = span.parentId
    // A parent that is its own ancestor ends the walk too.
    while (!without.has(at) && !way.includes(at)) {
      if (above.has(at)) return true
      way.push(at)
      const parent = byId.get(at)
      if (!parent) break
      at = parent.parentId
    }
    for (const id of way) without.add(id)
  }
  return false
}
