import { FilterError, type Value } from '@burstlet/query-language/filter'
import type { Parameters } from '../statements/parameters.ts'
import { anyOf, conditionOn, type FieldCondition } from './value-conditions.ts'

/** A condition on a trace or span id, written in hex of any case. Zeros mean that there is none. */
export function idColumn(column: string, bytes: 8 | 16, condition: FieldCondition, parameters: Parameters): string {
  const id = (value: Value) => {
    if (!new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`).test(value.text)) {
      throw new FilterError(`An id of ${bytes * 2} hex digits is needed`, value.column)
    }
    if (/^0+$/.test(value.text)) return '0'
    return `${column} = toFixedString(unhex(${parameters.value('String', value.text)}), ${bytes})`
  }
  const place = (each: FieldCondition) => {
    if (each.type === 'exists') return `${column} != toFixedString('', ${bytes})`
    if (each.type === 'in') return anyOf(each.values.map(id))
    if (each.type === 'comparison' && each.operator === '=') return id(each.value)
    throw new FilterError('An id can be compared by =, !=, IN and EXISTS only', each.field.column)
  }
  return conditionOn([place], condition)
}
