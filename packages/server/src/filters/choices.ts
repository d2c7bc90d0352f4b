import { FilterError, type Value } from '@burstlet/query-language/filter'
import { didYouMean } from '@burstlet/query-language/suggest'
import { anyOf, type FieldCondition } from './value-conditions.ts'

/**
 * A condition on a number column that is written by names, such as `kind = server`.
 * @param codes name -> number; the numbers themselves are understood too
 */
export function choiceColumn(column: string, codes: readonly string[], condition: FieldCondition): string {
  const code = (value: Value) => {
    const at = value.type === 'number' ? value.number : codes.indexOf(value.text.toLowerCase())
    if (!Number.isInteger(at) || at < 0 || at >= codes.length) {
      throw new FilterError(`Must be one of ${codes.join(', ')}`, value.column, didYouMean(value.text, codes))
    }
    return `${column} = ${at}`
  }
  if (condition.type === 'exists') return `${column} != 0`
  if (condition.type === 'in') return anyOf(condition.values.map(code))
  if (condition.type === 'comparison' && condition.operator === '=') return code(condition.value)
  if (condition.type === 'comparison' && condition.operator === '!=') return `NOT (${code(condition.value)})`
  throw new FilterError(`${condition.field.name} can be compared by =, !=, IN and EXISTS only`, condition.field.column)
}
