import type { CompareOperator, Condition, Match, Value } from '@burstlet/query-language/filter'
import { FilterError } from '@burstlet/query-language/filter'
import type { Parameters } from '../search/statement.ts'

/** A condition that names a field; a bare text does not. */
export type FieldCondition = Exclude<Condition, { type: 'text' }>

/**
 * What a field can be compared with. Each member gives SQL for one type of value, or undefined when the field never has
 * that type: a string is not equal to a number, so the condition does not hold.
 */
export interface Operand {
  exists(): string
  string?(test: (expression: string) => string): string
  integer?(test: (expression: string) => string): string
  double?(test: (expression: string) => string): string
  boolean?(test: (expression: string) => string): string
}

const never = '0'

/** SQL for one condition on one operand. A missing field fulfils none, `!=` included; NOT (a = 1) finds it. */
export function conditionOn(operand: Operand, condition: FieldCondition, parameters: Parameters): string {
  switch (condition.type) {
    case 'exists':
      return operand.exists()
    case 'in':
      return oneOf(operand, condition.values, parameters)
    case 'comparison':
      if (condition.operator === '!=') {
        return `(${operand.exists()}) AND NOT (${compare(operand, '=', condition.value, parameters)})`
      }
      return compare(operand, condition.operator, condition.value, parameters)
    default:
      return operand.string?.((expression) => matches(expression, condition, parameters)) ?? never
  }
}

export function anyOf(conditions: readonly (string | undefined)[]): string {
  const present = conditions.filter((condition) => condition !== undefined && condition !== never)
  if (present.length === 0) return never
  return present.length === 1 ? present[0]! : present.map((condition) => `(${condition})`).join(' OR ')
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
  if (/^[+-]?\d{1,18}$/.test(text)) {
    return `${expression} ${operator} ${parameters.value('Int64', text.replace('+', ''))}`
  }
  if (/^[+-]?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text.replace('+', ''))) === BigInt(text.replace('+', ''))) {
    return `${expression} ${operator} ${parameters.value('Int64', text.replace('+', ''))}`
  }
  return `toFloat64(${expression}) ${operator} ${parameters.value('Float64', number)}`
}

/** CONTAINS in any case; LIKE and REGEXP (RE2, found anywhere) as they are written. */
export function matches(expression: string, { type, value }: Match, parameters: Parameters): string {
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
