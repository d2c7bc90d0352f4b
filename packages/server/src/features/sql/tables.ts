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

/**
 * The setting by which the engine gives only rows of the tenant, and none past their time, whatever a statement says.
 * @param tables that there are
 */
export function filterOf(tables: readonly string[], context: QueryContext): string {
  const filters = tables.flatMap((table) => {
    const readable = readableTables.get(table)
    if (!readable) return []
    const oldest = `now() - toIntervalDay(${Math.floor(readable.days(context))})`
    const age = readable.column === 'day' ? `day >= toDate(${oldest})` : `received >= ${oldest}`
    return [`${literal(table)}: ${literal(`space = ${literal(context.space)} AND ${age}`)}`]
  })
  return `{${filters.join(', ')}}`
}

/** Without a backslash, which the engine would read as an escape. @throws Error for a text that has one */
function literal(text: string): string {
  if (text.includes('\\')) throw new Error('A tenant whose name has a backslash cannot be asked by SQL.')
  return `'${text.replaceAll("'", "''")}'`
}
