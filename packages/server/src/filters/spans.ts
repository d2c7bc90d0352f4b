import { spanKinds, spanStatuses } from '@burstlet/contract/traces'
import { copiedAttributes } from '@burstlet/otlp/semantic-conventions'
import { FilterError, type Value } from '@burstlet/query-language/filter'
import { choiceColumn } from './choices.ts'
import { type Signal, stringColumn } from './compile.ts'
import type { FilterContext } from './context.ts'
import { idColumn } from './id-column.ts'
import { anyOf, conditionOn, type FieldCondition } from './value-conditions.ts'

const copiedColumn = new Map<string, string>(
  Object.entries(copiedAttributes).flatMap(([column, names]) => names.map((name) => [name, column] as const)),
)

/** Fields: name, kind, status, status_message, duration, trace_id, span_id, parent_id; bare text: the name or the status message. */
export const spanSignal: Signal = {
  movedAttributes: true,
  text(text, { parameters }) {
    const wanted = parameters.value('String', text)
    return `positionCaseInsensitiveUTF8(name, ${wanted}) > 0 OR positionCaseInsensitiveUTF8(status_message, ${wanted}) > 0`
  },
  field(name, condition, context) {
    switch (name) {
      case 'name':
      case 'operation':
        return stringColumn('name', condition, context)
      case 'status_message':
        return stringColumn('status_message', condition, context)
      case 'kind':
        return choiceColumn('kind', spanKinds, condition)
      case 'status':
        return choiceColumn('status', spanStatuses, condition)
      case 'duration':
        return durationCondition(condition, context)
      case 'trace_id':
        return idColumn('trace_id', 16, condition, context.parameters)
      case 'span_id':
        return idColumn('span_id', 8, condition, context.parameters)
      case 'parent_id':
      case 'parent_span_id':
        return idColumn('parent_id', 8, condition, context.parameters)
      case 'event.name':
        return eventName(condition, context)
      default:
        return copied(name, condition, context)
    }
  },
}

/** A number is ms; otherwise the unit is written: 250ms, 1.5s. */
function durationCondition(condition: FieldCondition, { parameters }: FilterContext): string {
  const nanoseconds = (value: Value) => {
    if (value.type === 'duration') return Math.round(value.nanoseconds)
    if (value.type === 'number') return Math.round(value.number * 1e6)
    throw new FilterError('A duration is needed, such as 250 (ms) or 1.5s', value.column)
  }
  const compare = (operator: string, value: Value) =>
    `greatest(duration, 0) ${operator} ${parameters.value('Float64', nanoseconds(value))}`
  if (condition.type === 'comparison') return compare(condition.operator, condition.value)
  if (condition.type === 'in') return anyOf(condition.values.map((value) => compare('=', value)))
  if (condition.type === 'exists') return '1'
  throw new FilterError('A duration can be compared by = != < <= > >= and IN only', condition.field.column)
}

/** Some event of the span has this name. */
function eventName(condition: FieldCondition, { parameters }: FilterContext): string {
  const names = '`events.name`'
  return conditionOn(
    { exists: () => `notEmpty(${names})`, string: (test) => `arrayExists(event -> ${test('event')}, ${names})` },
    condition,
    parameters,
  )
}

/**
 * Conditions on attributes that have columns of their own read those: shorter, and old and new names in one. Values of
 * a type that the column does not hold are left to the maps.
 */
function copied(name: string, condition: FieldCondition, context: FilterContext): string | undefined {
  const column = copiedColumn.get(name)
  if (column === undefined) return undefined
  if (column !== 'http_status') return isText(condition) ? stringColumn(column, condition, context) : undefined
  if (!isNumeric(condition)) return undefined
  const test = (compare: (expression: string) => string) => `http_status != 0 AND (${compare('http_status')})`
  return conditionOn({ exists: () => 'http_status != 0', integer: test }, condition, context.parameters)
}

function isText(condition: FieldCondition): boolean {
  const text = (value: Value) => value.type === 'string' && value.text !== ''
  if (condition.type === 'exists') return true
  return condition.type === 'in' ? condition.values.every(text) : text(condition.value)
}

function isNumeric(condition: FieldCondition): boolean {
  const number = (value: Value) => value.type === 'number'
  if (condition.type === 'exists') return true
  if (condition.type === 'in') return condition.values.every(number)
  return condition.type === 'comparison' && number(condition.value)
}
