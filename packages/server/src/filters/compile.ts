import type { Field, Filter } from '@burstlet/query-language/filter'
import { parse } from '@burstlet/query-language/parse'
import { describesResource, namesOf } from './attribute-names.ts'
import { attributeOperand } from './attribute-operand.ts'
import type { FilterContext } from './context.ts'
import { resourceCondition, scopeCondition } from './resource-conditions.ts'
import { anyOf, conditionOn, type FieldCondition } from './value-conditions.ts'

/** What a signal's table adds to attributes, resources and scopes. */
export interface Signal {
  /**
   * SQL for a condition on a field of the signal's own, such as `duration`; undefined when it has no such field, and
   * the name is that of an attribute.
   */
  field(name: string, condition: FieldCondition, context: FilterContext): string | undefined
  /** SQL for a bare text. */
  text(text: string, context: FilterContext): string
  /** Has the nullable columns url_full, user_id, session_id. */
  readonly movedAttributes: boolean
}

/**
 * A filter of the query language as a condition of SQL. Every key and value is a query parameter.
 * Names, first that fits: a field of the signal, `service.name`, `resource.KEY`, `scope.name` and `scope.version`,
 * `attribute.KEY`, KEY (an attribute under its old and new names; of the resource too where it describes one).
 * @throws FilterError with the column of the fault
 */
export function compileFilter(text: string, signal: Signal, context: FilterContext): string {
  return compile(parse(text), signal, context)
}

function compile(filter: Filter, signal: Signal, context: FilterContext): string {
  switch (filter.type) {
    case 'and':
      return filter.operands.length === 0
        ? '1'
        : filter.operands.map((operand) => `(${compile(operand, signal, context)})`).join(' AND ')
    case 'or':
      return filter.operands.map((operand) => `(${compile(operand, signal, context)})`).join(' OR ')
    case 'not':
      return `NOT (${compile(filter.operand, signal, context)})`
    case 'text':
      return signal.text(filter.text, context)
    default:
      return compileCondition(filter.field, filter, signal, context)
  }
}

function compileCondition(field: Field, condition: FieldCondition, signal: Signal, context: FilterContext): string {
  const { name } = field
  const own = signal.field(name, condition, context)
  if (own !== undefined) return own
  if (name === 'service.name' || name === 'service') return stringColumn('service', condition, context)
  if (name.startsWith('resource.')) return onResource(name.slice('resource.'.length), condition, context)
  if (name === 'scope.name' || name === 'scope.version') {
    return scopeCondition(name.slice('scope.'.length) as 'name' | 'version', condition, context)
  }
  const key = name.startsWith('attribute.') ? name.slice('attribute.'.length) : name
  return onAttribute(key, condition, signal, context)
}

function onAttribute(key: string, condition: FieldCondition, signal: Signal, context: FilterContext): string {
  const { parameters } = context
  return anyOf([
    ...namesOf(key).map((name) =>
      conditionOn(attributeOperand(name, parameters, signal.movedAttributes), condition, parameters),
    ),
    ...[key].filter(describesResource).map((name) => onResource(name, condition, context)),
  ])
}

function onResource(key: string, condition: FieldCondition, context: FilterContext): string {
  return anyOf(namesOf(key).map((name) => resourceCondition(name, condition, context)))
}

/** A string column whose empty string means that there is none. */
export function stringColumn(column: string, condition: FieldCondition, { parameters }: FilterContext): string {
  return conditionOn({ exists: () => `${column} != ''`, string: (test) => test(column) }, condition, parameters)
}
