import type { ClickHouseClient } from '@clickhouse/client'

export interface RetentionDays {
  readonly traces: number
  readonly logs: number
  readonly metrics: number
}

/** Column that a table's age is counted from, and how many days it is kept. */
function retentionPlan(days: RetentionDays): Record<string, { column: string; days: number }> {
  const longest = Math.max(days.traces, days.logs, days.metrics)
  const byReceipt = (kept: number) => ({ column: 'received', days: kept })
  return {
    spans: byReceipt(days.traces),
    // A day more than the spans, so that the index never ends before what it points at.
    trace_index: { column: 'day', days: days.traces + 1 },
    logs: byReceipt(days.logs),
    span_errors_1h: { column: 'toDate(window_start)', days: days.traces + 1 },
    log_errors_1h: { column: 'toDate(window_start)', days: days.logs + 1 },
    log_levels_1m: { column: 'day', days: days.logs + 1 },
    metric_series: byReceipt(days.metrics),
    metric_samples: byReceipt(days.metrics),
    metric_histograms: byReceipt(days.metrics),
    metric_exponential_histograms: byReceipt(days.metrics),
    metric_summaries: byReceipt(days.metrics),
    metric_exemplars: byReceipt(days.metrics),
    resources: byReceipt(longest),
    scopes: byReceipt(longest),
  }
}

/**
 * Sets each table's TTL to the configured days, where it differs. Whole day partitions are dropped in the background.
 * @returns the tables that were changed
 */
export async function applyRetention(client: ClickHouseClient, days: RetentionDays): Promise<string[]> {
  const result = await client.query({
    query: 'SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()',
    format: 'JSONEachRow',
  })
  const engines = new Map(
    (await result.json<{ name: string; engine_full: string }>()).map((t) => [t.name, t.engine_full]),
  )
  const changed: string[] = []
  for (const [table, { column, days: kept }] of Object.entries(retentionPlan(days))) {
    if (engines.get(table)?.includes(`TTL ${column} + toIntervalDay(${kept})`)) continue
    await client.command({
      query: `ALTER TABLE ${table} MODIFY TTL ${column} + toIntervalDay(${kept}) SETTINGS materialize_ttl_after_modify = 0`,
    })
    changed.push(table)
  }
  return changed
}
