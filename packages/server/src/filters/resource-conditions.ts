import { attributeOperand } from './attribute-operand.ts'
import type { FilterContext } from './context.ts'
import { conditionOn, type FieldCondition } from './value-conditions.ts'

/** Rows whose resource fulfils the condition. */
export function resourceCondition(key: string, condition: FieldCondition, context: FilterContext): string {
  const { parameters, space, retentionDays } = context
  const holds = conditionOn(attributeOperand(key, parameters, false), condition, parameters)
  return `res_hash IN (SELECT hash FROM resources WHERE space = ${parameters.value('String', space)}
    AND received >= now() - toIntervalDay(${parameters.value('UInt32', retentionDays)}) AND (${holds}))`
}

/** Rows whose instrumentation scope fulfils the condition. */
export function scopeCondition(column: 'name' | 'version', condition: FieldCondition, context: FilterContext): string {
  const { parameters, space, retentionDays } = context
  const holds = conditionOn({ exists: () => `${column} != ''`, string: (test) => test(column) }, condition, parameters)
  return `scope_hash IN (SELECT hash FROM scopes WHERE space = ${parameters.value('String', space)}
    AND received >= now() - toIntervalDay(${parameters.value('UInt32', retentionDays)}) AND (${holds}))`
}
