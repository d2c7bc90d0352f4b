import type { Filter } from '@burstlet/query-language/filter'
import type { QueryContext } from '../context/query-context.ts'
import { logFields } from '../fields/log-fields.ts'
import { RowFields } from '../fields/row-fields.ts'
import { spanFields } from '../fields/span-fields.ts'
import { compileFilter } from '../filters/compile.ts'
import type { FilterContext } from '../filters/context.ts'
import { logSignal } from '../filters/logs.ts'
import { spanSignal } from '../filters/spans.ts'
import { all, type Parameters } from '../statements/parameters.ts'
import { nanoseconds, type TimeRange } from '../time/time-range.ts'

export type EventSignal = 'spans' | 'logs'

/** Time of a row, and what stands for it in counts. */
export const columnsOf = {
  spans: { time: 'spans.start', weight: 'toFloat64(spans.adjusted_count)', failed: 'spans.status = 2' },
  logs: { time: 'logs.time', weight: '1.', failed: 'logs.severity >= 17' },
} as const

export function contextOf(context: QueryContext, signal: EventSignal, parameters: Parameters): FilterContext {
  const retentionDays = signal === 'spans' ? context.retention.traces : context.retention.logs
  return { parameters, retentionDays }
}

export function fieldsOf(signal: EventSignal, filterContext: FilterContext): RowFields {
  return new RowFields(signal === 'spans' ? spanFields : logFields, filterContext)
}

/** The WHERE of a question to `spans` or `logs`: retention, range, filter. */
export function matchEvents(
  signal: EventSignal,
  filter: Filter | undefined,
  range: TimeRange,
  filterContext: FilterContext,
): string {
  const { parameters, retentionDays } = filterContext
  const { time } = columnsOf[signal]
  return all([
    `received >= now() - toIntervalDay(${parameters.value('UInt32', retentionDays)})`,
    `${time} >= fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.from))})`,
    `${time} < fromUnixTimestamp64Nano(${parameters.value('Int64', nanoseconds(range.to))})`,
    filter === undefined
      ? undefined
      : compileFilter(filter, signal === 'spans' ? spanSignal : logSignal, filterContext),
  ])
}
