import { spanKinds, spanStatuses } from '@burstlet/contract/traces'
import { copiedAttributes } from '@burstlet/otlp/semantic-conventions'
import { FilterError, type Value } from '@burstlet/query-language/filter'
import { choiceColumn, negatedIf } from './choices.ts'
import type { Signal } from './compile.ts'
import type { FilterContext } from './context.ts'
import { spanEvents, spanLinks } from './elements.ts'
import { idColumn } from './id-column.ts'
import { anyOf, conditionOn, type FieldCondition, onOperand, stringColumn } from './value-conditions.ts'

const copiedColumn = new Map<string, string>(
  Object.entries(copiedAttributes).flatMap(([column, names]) => names.map((name) => [name, column] as const)),
)

/**
 * Fields: name, kind, status, status_message, duration, trace_id, span_id, parent_id, trace_state; bare text: the name or the
 * status message.
 */
export const spanSignal: Signal = {
  movedAttributes: true,
  elements: { event: spanEvents, link: spanLinks },
  text(text, { parameters }) {
    const wanted = parameters.value('String', text)
    return `positionCaseInsensitiveUTF8(name, ${wanted}) > 0 OR positionCaseInsensitiveUTF8(status_message, ${wanted}) > 0`
  },
  field(name, condition, context) {
    const { parameters } = context
    switch (name) {
      case 'name':
      case 'operation':
        return stringColumn('name', condition, parameters)
      case 'status_message':
      case 'trace_state':
        return stringColumn(name, condition, parameters)
      case 'kind':
        return choiceColumn('kind', spanKinds, condition)
      case 'status':
        return choiceColumn('status', spanStatuses, condition)
      case 'duration':
        return durationCondition(condition, context)
      case 'trace_id':
        return idColumn('trace_id', 16, condition, parameters)
      case 'span_id':
        return idColumn('span_id', 8, condition, parameters)
      case 'parent_id':
      case 'parent_span_id':
        return idColumn('parent_id', 8, condition, parameters)
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
  if (condition.type === 'in') {
    return negatedIf(condition.negated, anyOf(condition.values.map((value) => compare('=', value))))
  }
  if (condition.type === 'exists') return '1'
  throw new FilterError('A duration can be compared by = != < <= > >= and IN only', condition.field.column)
}

/**
 * Conditions on attributes that have columns of their own read those: shorter, and old and new names in one; an empty text, or a
 * status that is none, counts as missing there. Values of a type that the column does not hold are left to the maps.
 */
function copied(name: string, condition: FieldCondition, context: FilterContext): string | undefined {
  const column = copiedColumn.get(name)
  if (column === undefined) return undefined
  const { parameters } = context
  if (column !== 'http_status') return isText(condition) ? stringColumn(column, condition, parameters) : undefined
  if (!isNumeric(condition)) return undefined
  const integer = (test: (expression: string) => string) => `http_status != 0 AND (${test('http_status')})`
  const operand = { exists: () => 'http_status != 0', integer }
  return conditionOn([(each) => onOperand(operand, each, parameters)], condition)
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
