import { type Level, levels, severityRange } from '@burstlet/contract/common'
import { FilterError, type Value } from '@burstlet/query-language/filter'
import { didYouMean } from '@burstlet/query-language/suggest'
import type { Parameters } from '../statements/parameters.ts'
import { negatedIf } from './choices.ts'
import type { Signal } from './compile.ts'
import type { FilterContext } from './context.ts'
import { idColumn } from './id-column.ts'
import { anyOf, conditionOn, type FieldCondition, onOperand, stringColumn } from './value-conditions.ts'
import { innerWords, searchWords, wordConditions } from './words.ts'

/** Fields: body, severity (or level), severity_text, event_name, trace_id, span_id; bare text: whole words of the body. */
export const logSignal: Signal = {
  movedAttributes: false,
  text: (text, { parameters }) => bodySearch(text, parameters),
  field(name, condition, context) {
    switch (name) {
      case 'body':
      case 'message':
        return bodyCondition(condition, context)
      case 'severity':
      case 'level':
        return severityCondition(condition)
      case 'severity_text':
        return stringColumn('severity_text', condition, context.parameters)
      case 'event_name':
        return stringColumn('event_name', condition, context.parameters)
      case 'trace_id':
        return idColumn('trace_id', 16, condition, context.parameters)
      case 'span_id':
        return idColumn('span_id', 8, condition, context.parameters)
      default:
        return undefined
    }
  },
}

/** The body has the text in any case, and its words as whole words: those the index can find. */
export function bodySearch(text: string, parameters: Parameters): string {
  const contains = `positionCaseInsensitiveUTF8(body, ${parameters.value('String', text.trim())}) > 0`
  return [...wordConditions(searchWords(text), parameters), contains].join(' AND ')
}

/** The body has the text in any case, anywhere. Only words inside the text can be looked up: those at its ends may be parts. */
export function bodyContains(text: string, parameters: Parameters): string {
  const contains = `positionCaseInsensitiveUTF8(body, ${parameters.value('String', text)}) > 0`
  return [...wordConditions(innerWords(text), parameters), contains].join(' AND ')
}

/** A body of another type than string is compared as the text that it is kept as. */
function bodyCondition(condition: FieldCondition, { parameters }: FilterContext): string {
  const exists = 'body_type != 0'
  const place = (each: FieldCondition) => {
    if (each.type === 'contains' && each.value.text !== '') return bodyContains(each.value.text, parameters)
    const string = (test: (expression: string) => string) => `${exists} AND (${test('body')})`
    return onOperand({ exists: () => exists, string }, each, parameters)
  }
  return conditionOn([place], condition)
}

/** `severity >= warn` by range, or by the number: 1 to 24 of OpenTelemetry, and those that it gives no meaning. */
function severityCondition(condition: FieldCondition): string {
  const range = (value: Value): [number, number] => {
    if (value.type === 'number' && Number.isInteger(value.number) && value.number >= 0 && value.number <= 255) {
      return [value.number, value.number]
    }
    const level = value.text.toLowerCase() as Level
    if (!levels.includes(level)) {
      const message = `Must be one of ${levels.join(', ')}, or a number from 0 to 255`
      throw new FilterError(message, value.column, didYouMean(value.text, levels))
    }
    return severityRange(level)
  }
  const within = (value: Value) => {
    const [low, high] = range(value)
    return `severity BETWEEN ${low} AND ${high}`
  }
  if (condition.type === 'exists') return 'severity != 0'
  if (condition.type === 'in') return negatedIf(condition.negated, anyOf(condition.values.map(within)))
  if (condition.type !== 'comparison') {
    throw new FilterError('A severity can be compared by = != < <= > >= and IN only', condition.field.column)
  }
  const [low, high] = range(condition.value)
  switch (condition.operator) {
    case '=':
      return within(condition.value)
    case '!=':
      return `NOT (${within(condition.value)})`
    case '>':
      return `severity > ${high}`
    case '>=':
      return `severity >= ${low}`
    case '<':
      return `severity < ${low}`
    case '<=':
      return `severity <= ${high}`
  }
}
