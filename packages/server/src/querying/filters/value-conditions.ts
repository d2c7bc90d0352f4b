import type { CompareOperator, Condition, Field, Match, Value } from '@burstlet/query-language/filter'
import { FilterError } from '@burstlet/query-language/filter'
import type { Parameters } from '../statements/parameters.ts'

/** A condition that names a field. */
export type FieldCondition = Exclude<Condition, { type: 'text' | 'some' }>

/** SQL for a condition at one of the places where a field may stand. The condition is never a negative one. */
export type Place = (condition: FieldCondition) => string

type Test = (expression: string) => string

/**
 * What a field can be compared with. Each member gives SQL for one type of value, or undefined when the field never has
 * that type: a string is not equal to a number, so the condition does not hold.
 */
export interface Operand {
  exists(): string
  string?(test: Test): string
  integer?(test: Test): string
  double?(test: Test): string
  boolean?(test: Test): string
  /** What CONTAINS looks for among the elements of an array. */
  readonly elements?: Operand
}

const never = '0'

/**
 * SQL for a condition on a field: it holds when it holds at one of the places. A missing field fulfils none. A negative
 * condition (`!=`, NOT IN, NOT LIKE …) holds where the field is and its opposite does not hold, at any of the places; the
 * negation NOT (a = 1) holds where a = 1 does not, so it finds missing fields too.
 */
export function conditionOn(places: readonly Place[], condition: FieldCondition): string {
  const at = (each: FieldCondition) => anyOf(places.map((place) => place(each)))
  const opposite = oppositeOf(condition)
  if (opposite === undefined) return at(condition)
  return `(${at({ type: 'exists', field: condition.field })}) AND NOT (${at(opposite)})`
}

/** What a negative condition denies; undefined when the condition is not negative. */
function oppositeOf(condition: FieldCondition): FieldCondition | undefined {
  if (condition.type === 'exists') return undefined
  if (condition.type === 'comparison') {
    return condition.operator === '!=' ? { ...condition, operator: '=' } : undefined
  }
  return condition.negated ? { ...condition, negated: false } : undefined
}

/** SQL for a condition that is not negative on one operand. */
export function onOperand(operand: Operand, condition: FieldCondition, parameters: Parameters): string {
  switch (condition.type) {
    case 'exists':
      return operand.exists()
    case 'in':
      return oneOf(operand, condition.values, parameters)
    case 'comparison':
      return compare(operand, condition.operator, condition.value, parameters)
    default:
      return anyOf([
        operand.string?.((expression) => matches(expression, condition, parameters)),
        condition.type === 'contains' && operand.elements
          ? compare(operand.elements, '=', condition.value, parameters)
          : undefined,
      ])
  }
}

export function anyOf(conditions: readonly (string | undefined)[]): string {
  const present = conditions.filter((condition) => condition !== undefined && condition !== never)
  if (present.length === 0) return never
  return present.length === 1 ? present[0]! : present.map((condition) => `(${condition})`).join(' OR ')
}

/** The same condition on a field of another name. */
export function renamed(condition: FieldCondition, name: string): FieldCondition {
  const field: Field = { name, column: condition.field.column }
  return { ...condition, field }
}

/** A string whose empty value means that there is none. */
export function stringColumn(expression: string, condition: FieldCondition, parameters: Parameters): string {
  const present = `${expression} != ''`
  const place: Place = (each) =>
    onOperand(
      {
        exists: () => present,
        string: (test) => (excludesEmpty(each) ? test(expression) : `${present} AND (${test(expression)})`),
      },
      each,
      parameters,
    )
  return conditionOn([place], condition)
}

/** Whether an empty string cannot fulfil the condition, so that the indexes see it as it stands. */
function excludesEmpty(condition: FieldCondition): boolean {
  if (condition.type === 'in') return condition.values.every(({ text }) => text !== '')
  if (condition.type === 'contains') return condition.value.text !== ''
  return condition.type === 'comparison' && ['=', '>', '>='].includes(condition.operator) && condition.value.text !== ''
}

/** Fewer texts than this are compared one by one, which every index understands. */
const fewTexts = 5

function oneOf(operand: Operand, values: readonly Value[], parameters: Parameters): string {
  const texts = values.filter(({ type }) => type === 'string' || type === 'duration')
  const others = texts.length < fewTexts ? values : values.filter((value) => !texts.includes(value))
  const wanted = texts.map(({ text }) => text)
  return anyOf([
    ...others.map((value) => compare(operand, '=', value, parameters)),
    texts.length < fewTexts
      ? undefined
      : operand.string?.((expression) => `${expression} IN ${parameters.value('Array(String)', wanted)}`),
  ])
}

function compare(operand: Operand, operator: CompareOperator, value: Value, parameters: Parameters): string {
  switch (value.type) {
    case 'boolean': {
      if (operator !== '=') throw new FilterError('true and false can be compared by = and != only', value.column)
      const wanted = parameters.value('Bool', value.boolean)
      return operand.boolean?.((expression) => `${expression} = ${wanted}`) ?? never
    }
    case 'number':
      return anyOf([
        operand.integer?.((expression) => compareInteger(expression, operator, value.text, value.number, parameters)),
        operand.double?.((expression) => `${expression} ${operator} ${parameters.value('Float64', value.number)}`),
      ])
    default: {
      // `500ms` on a field that is not a duration is the text that it looks like.
      const wanted = parameters.value('String', value.text)
      return operand.string?.((expression) => `${expression} ${operator} ${wanted}`) ?? never
    }
  }
}

/** Int64 against Int64 where the number is one, so that no digit is lost. */
function compareInteger(
  expression: string,
  operator: CompareOperator,
  text: string,
  number: number,
  parameters: Parameters,
): string {
  if (/^[+-]?\d+$/.test(text)) {
    const whole = BigInt(text.replace('+', ''))
    if (BigInt.asIntN(64, whole) === whole) {
      return `${expression} ${operator} ${parameters.value('Int64', String(whole))}`
    }
  }
  return `toFloat64(${expression}) ${operator} ${parameters.value('Float64', number)}`
}

/** CONTAINS in any case; LIKE and REGEXP (RE2, found anywhere) as they are written. */
function matches(expression: string, { type, value }: Match, parameters: Parameters): string {
  const wanted = parameters.value('String', value.text)
  switch (type) {
    case 'contains':
      return `positionCaseInsensitiveUTF8(${expression}, ${wanted}) > 0`
    case 'like':
      return `${expression} LIKE ${wanted}`
    default:
      return `match(${expression}, ${wanted})`
  }
}
