import { type Filter, FilterError, type Some } from '@burstlet/query-language/filter'
import { describesResource, namesOf } from './attribute-names.ts'
import { attributeOperand } from './attribute-operand.ts'
import type { FilterContext } from './context.ts'
import { type Elements, elementCondition, someElement } from './elements.ts'
import { resourceCondition, scopeCondition } from './resource-conditions.ts'
import { conditionOn, type FieldCondition, onOperand, type Place, renamed, stringColumn } from './value-conditions.ts'

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
  /** What its rows have several of. */
  readonly elements?: Readonly<Record<Some['of'], Elements>>
}

/** What the conditions of a filter are about: a row, or one of its events or links. */
interface Subject {
  condition(condition: FieldCondition): string
  text(text: string, column: number): string
  some(some: Some): string
}

/**
 * A parsed filter of the query language as a condition of SQL. Every key and value is a query parameter.
 * Names, first that fits: a field of the signal, `service.name`, `resource.KEY`, `scope.name`, `scope.version` and `scope.KEY`,
 * `event.KEY` and `link.KEY` of signals that have them, `any.KEY`, `attribute.KEY`, KEY (an attribute under its old and new
 * names; of the resource too where it describes one).
 * @throws FilterError with the column of the fault
 */
export function compileFilter(filter: Filter, signal: Signal, context: FilterContext): string {
  return compile(filter, rowSubject(signal, context))
}

function compile(filter: Filter, subject: Subject): string {
  switch (filter.type) {
    case 'and':
      return filter.operands.length === 0
        ? '1'
        : filter.operands.map((operand) => `(${compile(operand, subject)})`).join(' AND ')
    case 'or':
      return filter.operands.map((operand) => `(${compile(operand, subject)})`).join(' OR ')
    case 'not':
      return `NOT (${compile(filter.operand, subject)})`
    case 'text':
      return subject.text(filter.text, filter.column)
    case 'some':
      return subject.some(filter)
    default:
      return subject.condition(filter)
  }
}

function rowSubject(signal: Signal, context: FilterContext): Subject {
  return {
    condition: (condition) => rowCondition(condition, signal, context),
    text: (text) => signal.text(text, context),
    some({ of, operand, column }) {
      const elements = signal.elements?.[of]
      if (!elements) throw new FilterError(`Only spans have ${of}s`, column)
      return someElement(elements, compile(operand, elementSubject(elements, context)))
    },
  }
}

function elementSubject(elements: Elements, context: FilterContext): Subject {
  return {
    condition: (condition) => elementCondition(elements, condition, context),
    text: (text, column) => elements.text(context.parameters.value('String', text), column),
    some({ of, column }) {
      throw new FilterError(`${of}{…} does not stand within another`, column)
    },
  }
}

function rowCondition(condition: FieldCondition, signal: Signal, context: FilterContext): string {
  const { name } = condition.field
  const own = signal.field(name, condition, context)
  if (own !== undefined) return own
  if (name === 'service.name' || name === 'service') return stringColumn('service', condition, context.parameters)
  const prefixed = /^(resource|scope|event|link|any|attribute)\.(.+)$/s.exec(name)
  const [, prefix, key = name] = prefixed ?? []
  switch (prefix) {
    case 'resource':
      return resourceCondition(key, condition, context)
    case 'scope':
      return scopeCondition(key, condition, context)
    case 'event':
    case 'link': {
      const elements = signal.elements?.[prefix]
      if (elements) return conditionOn([ofElements(elements, key, context)], condition)
      return conditionOn(ofRow(name, signal, context), condition)
    }
    case 'any':
      return conditionOn(anywhere(key, signal, context), condition)
    case 'attribute':
      return conditionOn(ofRow(key, signal, context), condition)
    default: {
      const resource: Place[] = describesResource(key) ? [(each) => resourceCondition(key, each, context)] : []
      return conditionOn([...ofRow(key, signal, context), ...resource], condition)
    }
  }
}

function ofRow(key: string, signal: Signal, { parameters }: FilterContext): Place[] {
  return namesOf(key).map(
    (name) => (each) => onOperand(attributeOperand(name, parameters, signal.movedAttributes), each, parameters),
  )
}

function ofElements(elements: Elements, key: string, context: FilterContext): Place {
  return (each) => someElement(elements, elementCondition(elements, renamed(each, key), context))
}

/** Every place in which an attribute can stand. */
function anywhere(key: string, signal: Signal, context: FilterContext): Place[] {
  const attribute = `attribute.${key}`
  return [
    ...ofRow(key, signal, context),
    (each) => resourceCondition(key, each, context),
    (each) => scopeCondition(attribute, each, context),
    ...Object.values(signal.elements ?? {}).map((elements) => ofElements(elements, attribute, context)),
  ]
}
