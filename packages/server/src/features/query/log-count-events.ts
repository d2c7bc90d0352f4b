import { levels } from '@burstlet/contract/common'
import type { Filter, Value } from '@burstlet/query-language/filter'
import type { QueryContext } from '../../querying/context/query-context.ts'
import { contextOf } from '../../querying/events/match-events.ts'
import { logFields } from '../../querying/fields/log-fields.ts'
import { RowFields } from '../../querying/fields/row-fields.ts'
import { compileFilter } from '../../querying/filters/compile.ts'
import { logSignal } from '../../querying/filters/logs.ts'
import type { FieldCondition } from '../../querying/filters/value-conditions.ts'
import { all, type Parameters } from '../../querying/statements/parameters.ts'
import type { TimeRange } from '../../querying/time/time-range.ts'
import type { PlannedQuery } from './plan.ts'
import { outside } from './range-parts.ts'
import { rawEvents } from './raw-events.ts'
import { stepsAreWhole } from './rollup-fit.ts'
import type { RowSource } from './row-source.ts'

const ofService = ['service', 'service.name']
const ofLevel = ['level', 'severity']

/** Whether the counts by minute, service and level answer a question as the records themselves would. */
export function countsResponse(query: PlannedQuery, stepSeconds: number): boolean {
  if (query.signal !== 'logs' || !stepsAreWhole(query, stepSeconds, 60)) return false
  const counts = query.aggregates.every(
    ({ name, field }) => field === undefined && ['count', 'rate', 'error_rate'].includes(name),
  )
  const grouped = query.groupBy.every((key) => ofService.includes(key) || ofLevel.includes(key))
  return counts && grouped && (query.filter === undefined || isOfCounts(query.filter))
}

function isOfCounts(filter: Filter): boolean {
  switch (filter.type) {
    case 'and':
    case 'or':
      return filter.operands.every(isOfCounts)
    case 'not':
      return isOfCounts(filter.operand)
    case 'text':
    case 'some':
      return false
    default: {
      const { name } = filter.field
      const values = valuesOf(filter)
      if (ofService.includes(name)) return values.every(({ type }) => type === 'string')
      // A level is a range of severities; within it the counts do not tell.
      return (
        ofLevel.includes(name) && values.every(({ text }) => (levels as readonly string[]).includes(text.toLowerCase()))
      )
    }
  }
}

function valuesOf(condition: FieldCondition): readonly Value[] {
  if (condition.type === 'exists') return []
  return condition.type === 'in' ? condition.values : [condition.value]
}

/**
 * Whole minutes of the range from the counts, what is left at its ends from the records.
 * @param minutes that are counted
 */
export function logCountEvents(
  query: PlannedQuery,
  context: QueryContext,
  parameters: Parameters,
  minutes: TimeRange,
): RowSource {
  const filterContext = contextOf(context, 'logs', parameters)
  const fields = new RowFields(logFields, filterContext)
  const raw = rawEvents(query, context, parameters, true)
  const keys = query.groupBy.map((key, index) => `${fields.text(key)} AS k${index}, `).join('')
  const seconds = (at: number) => parameters.value('Int64', at / 1000)
  // Filters and fields read a severity: the least of the level's stands for all of them.
  const ofMinutes = ({ from, to }: TimeRange) => `
SELECT toUnixTimestamp64Second(logs.minute) * 1000 AS at, ${keys}toFloat64(logs.records) AS w, logs.severity >= 17 AS failed
FROM (
  SELECT service, minute, toUInt8(greatest(level * 4, 3) - 3) AS severity, records FROM log_levels_1m
  WHERE ${all([
    `minute >= toDateTime64(${seconds(from)}, 0, 'UTC')`,
    `minute < toDateTime64(${seconds(to)}, 0, 'UTC')`,
  ])}
) AS logs
WHERE ${query.filter ? compileFilter(query.filter, logSignal, filterContext) : '1'}`
  const partsOf = (range: TimeRange) => {
    const counted = { from: Math.max(range.from, minutes.from), to: Math.min(range.to, minutes.to) }
    return counted.from < counted.to
      ? { counted, rest: outside(range, counted) }
      : { counted: undefined, rest: [range] }
  }
  return {
    values: raw.values,
    name(range) {
      const { counted, rest } = partsOf(range)
      return [...(counted ? ['log_levels_1m'] : []), ...(rest.length > 0 ? ['logs'] : [])].join(' + ')
    },
    rows(range) {
      const { counted, rest } = partsOf(range)
      return [...(counted ? [ofMinutes(counted)] : []), ...rest.map((part) => raw.rows(part))].join('\nUNION ALL\n')
    },
  }
}
