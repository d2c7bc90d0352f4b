import type { QueryContext } from '../../querying/context/query-context.ts'
import type { GuestTable } from '../../storage/clickhouse/guest-tables.ts'

type Kept = (context: QueryContext) => number

const traces: Kept = ({ retention }) => retention.traces
const logs: Kept = ({ retention }) => retention.logs
const metrics: Kept = ({ retention }) => retention.metrics
const longest: Kept = ({ retention }) => Math.max(retention.traces, retention.logs, retention.metrics)

interface Age {
  readonly column: 'received' | 'day'
  readonly days: Kept
}

/** The tables that a person may read, the column that their age is counted from, and how many days are kept. */
const ages: Record<GuestTable, Age> = {
  spans: { column: 'received', days: traces },
  trace_index: { column: 'day', days: traces },
  red_1m: { column: 'day', days: () => 30 },
  red_service_1m: { column: 'day', days: () => 30 },
  logs: { column: 'received', days: logs },
  metric_series: { column: 'received', days: metrics },
  metric_samples: { column: 'received', days: metrics },
  metric_histograms: { column: 'received', days: metrics },
  metric_exponential_histograms: { column: 'received', days: metrics },
  metric_summaries: { column: 'received', days: metrics },
  metric_exemplars: { column: 'received', days: metrics },
  resources: { column: 'received', days: longest },
  scopes: { column: 'received', days: longest },
}

export const readableTables: ReadonlyMap<string, Age> = new Map(Object.entries(ages))

/** What keeps rows that are past their time from a statement, whatever it says, by table. */
export function conditionsOf(context: QueryContext): Record<string, string> {
  const condition = ({ column, days }: Age) => {
    const oldest = `now() - toIntervalDay(${Math.floor(days(context))})`
    return column === 'day' ? `day >= toDate(${oldest})` : `received >= ${oldest}`
  }
  return Object.fromEntries([...readableTables].map(([table, age]) => [table, condition(age)]))
}
