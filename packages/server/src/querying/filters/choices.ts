import { FilterError, type Value } from '@burstlet/query-language/filter'
import { didYouMean } from '@burstlet/query-language/suggest'
import { anyOf, type FieldCondition } from './value-conditions.ts'

/** What a column of UInt8 can hold. */
const maxCode = 255

/**
 * A condition on a number column that is written by names, such as `kind = server`. The first name stands for what was not
 * sent, and is a value as the others are; EXISTS asks for another.
 * @param codes name -> number; numbers themselves are understood too, also those without a name
 */
export function choiceColumn(column: string, codes: readonly string[], condition: FieldCondition): string {
  const code = (value: Value) => {
    const at = value.type === 'number' ? value.number : codes.indexOf(value.text.toLowerCase())
    if (!Number.isInteger(at) || at < 0 || at > maxCode) {
      const message = `Must be one of ${codes.join(', ')}, or a number from 0 to ${maxCode}`
      throw new FilterError(message, value.column, didYouMean(value.text, codes))
    }
    return `${column} = ${at}`
  }
  if (condition.type === 'exists') return `${column} != 0`
  if (condition.type === 'in') return negatedIf(condition.negated, anyOf(condition.values.map(code)))
  if (condition.type === 'comparison' && (condition.operator === '=' || condition.operator === '!=')) {
    return negatedIf(condition.operator === '!=', code(condition.value))
  }
  throw new FilterError(`${condition.field.name} can be compared by =, !=, IN and EXISTS only`, condition.field.column)
}

/** Of fields that every row has: there is no missing one to leave out. */
export function negatedIf(isNegated: boolean, sql: string): string {
  return isNegated ? `NOT (${sql})` : sql
}
