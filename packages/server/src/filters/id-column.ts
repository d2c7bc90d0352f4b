import { FilterError, type Value } from '@burstlet/query-language/filter'
import type { Parameters } from '../search/statement.ts'
import { anyOf, type FieldCondition } from './value-conditions.ts'

/** A condition on a trace or span id, written in hex of any case. Zeros mean that there is none. */
export function idColumn(column: string, bytes: 8 | 16, condition: FieldCondition, parameters: Parameters): string {
  const id = (value: Value) => {
    if (!new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`).test(value.text)) {
      throw new FilterError(`An id of ${bytes * 2} hex digits is needed`, value.column)
    }
    return `${column} = toFixedString(unhex(${parameters.value('String', value.text)}), ${bytes})`
  }
  const exists = `${column} != toFixedString('', ${bytes})`
  if (condition.type === 'exists') return exists
  if (condition.type === 'in') return anyOf(condition.values.map(id))
  if (condition.type === 'comparison' && condition.operator === '=') return id(condition.value)
  if (condition.type === 'comparison' && condition.operator === '!=')
    return `${exists} AND NOT (${id(condition.value)})`
  throw new FilterError('An id can be compared by =, !=, IN and EXISTS only', condition.field.column)
}
