import { namesOf } from './attribute-names.ts'
import { attributeOperand } from './attribute-operand.ts'
import type { FilterContext } from './context.ts'
import { conditionOn, type FieldCondition, onOperand, stringColumn } from './value-conditions.ts'

/** Rows whose resource fulfils the condition, under one of the names of the attribute. */
export function resourceCondition(key: string, condition: FieldCondition, context: FilterContext): string {
  return `res_hash IN (${hashes('resources', attributeOf(namesOf(key), condition, context), context)})`
}

/**
 * Rows whose instrumentation scope fulfils the condition.
 * @param key `name`, `version`, or an attribute of the scope: KEY or `attribute.KEY`
 */
export function scopeCondition(key: string, condition: FieldCondition, context: FilterContext): string {
  const holds =
    key === 'name' || key === 'version'
      ? stringColumn(key, condition, context.parameters)
      : attributeOf([key.replace(/^attribute\./, '')], condition, context)
  return `scope_hash IN (${hashes('scopes', holds, context)})`
}

function attributeOf(names: readonly string[], condition: FieldCondition, { parameters }: FilterContext): string {
  return conditionOn(
    names.map((name) => (each) => onOperand(attributeOperand(name, parameters, false), each, parameters)),
    condition,
  )
}

function hashes(table: 'resources' | 'scopes', holds: string, context: FilterContext): string {
  const { parameters, retentionDays } = context
  return `SELECT hash FROM ${table} WHERE received >= now() - toIntervalDay(${parameters.value('UInt32', retentionDays)}) AND (${holds})`
}
