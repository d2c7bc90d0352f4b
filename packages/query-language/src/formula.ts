import type { SyntaxNode } from '@lezer/common'
import { parseStrictly } from './faults.ts'
import { FilterError } from './filter.ts'
import { parser } from './generated/formula.parser.ts'
import { didYouMean } from './suggest.ts'

const strict = parser.configure({ strict: true })

export type Formula =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'name'; readonly name: string; readonly column: number }
  | { readonly type: 'negative'; readonly operand: Formula }
  | {
      readonly type: 'binary'
      readonly operator: '+' | '-' | '*' | '/'
      readonly left: Formula
      readonly right: Formula
    }
  | { readonly type: 'call'; readonly function: FormulaFunction; readonly arguments: readonly Formula[] }

/** How many arguments each function takes: [fewest, most]. */
const functions = {
  abs: [1, 1],
  ceil: [1, 1],
  floor: [1, 1],
  round: [1, 1],
  sqrt: [1, 1],
  min: [2, 10],
  max: [2, 10],
  coalesce: [2, 10],
} as const satisfies Record<string, readonly [number, number]>
export type FormulaFunction = keyof typeof functions

export const formulaLimits = { length: 1000, nodes: 200 } as const

/**
 * Reads a formula, such as `a / (a + b) * 100`.
 * @throws FilterError with the column of the fault, also when the formula passes {@link formulaLimits}
 */
export function parseFormula(text: string): Formula {
  if (text.length > formulaLimits.length) {
    throw new FilterError(`A formula has at most ${formulaLimits.length} characters`, formulaLimits.length + 1)
  }
  return new Builder(text).formula(parseStrictly(strict, text, 'formula').firstChild!)
}

class Builder {
  readonly #text: string
  #nodes = 0

  constructor(text: string) {
    this.#text = text
  }

  formula(node: SyntaxNode): Formula {
    this.#nodes += 1
    if (this.#nodes > formulaLimits.nodes) {
      throw new FilterError(`A formula has at most ${formulaLimits.nodes} parts`, node.from + 1)
    }
    switch (node.name) {
      case 'Number':
        return { type: 'number', value: Number(this.#slice(node)) }
      case 'Name':
        return { type: 'name', name: this.#slice(node), column: node.from + 1 }
      case 'Negative':
        return { type: 'negative', operand: this.formula(node.lastChild!) }
      case 'Group':
        return this.formula(operandsOf(node)[0]!)
      case 'Call':
        return this.#call(node)
      default: {
        const operator = this.#slice(node.firstChild!.nextSibling!) as '+' | '-' | '*' | '/'
        return { type: 'binary', operator, left: this.formula(node.firstChild!), right: this.formula(node.lastChild!) }
      }
    }
  }

  #call(node: SyntaxNode): Formula {
    const nameNode = node.firstChild!
    const name = this.#slice(nameNode)
    if (!Object.hasOwn(functions, name)) {
      const known = Object.keys(functions)
      const hint = didYouMean(name, known) ?? `There are ${known.join(', ')}`
      throw new FilterError(`There is no function ${name}`, nameNode.from + 1, hint)
    }
    const given = operandsOf(node)
      .slice(1)
      .map((operand) => this.formula(operand))
    const [fewest, most] = functions[name as FormulaFunction]
    if (given.length < fewest || given.length > most) {
      const wanted = fewest === most ? String(fewest) : `${fewest} to ${most}`
      throw new FilterError(`${name} takes ${wanted} arguments, not ${given.length}`, nameNode.from + 1)
    }
    return { type: 'call', function: name as FormulaFunction, arguments: given }
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to)
  }
}

/** Children without brackets and commas, which are nodes too. */
function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const operands: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!'(,)'.includes(child.name)) operands.push(child)
  }
  return operands
}

/** Names that a formula reads, each once. */
export function namesIn(formula: Formula): { name: string; column: number }[] {
  switch (formula.type) {
    case 'number':
      return []
    case 'name':
      return [formula]
    case 'negative':
      return namesIn(formula.operand)
    case 'binary':
      return [...namesIn(formula.left), ...namesIn(formula.right)]
    case 'call':
      return formula.arguments.flatMap(namesIn)
  }
}

/**
 * The value of a formula; null when a part that it needs is null, and where mathematics has none (division by zero).
 * @param lookUp of a name; null where it has no value
 */
export function evaluate(formula: Formula, lookUp: (name: string) => number | null): number | null {
  switch (formula.type) {
    case 'number':
      return formula.value
    case 'name':
      return lookUp(formula.name)
    case 'negative': {
      const value = evaluate(formula.operand, lookUp)
      return value === null ? null : -value
    }
    case 'binary': {
      const left = evaluate(formula.left, lookUp)
      const right = evaluate(formula.right, lookUp)
      return left === null || right === null ? null : finite(calculate(formula.operator, left, right))
    }
    case 'call':
      return call(
        formula.function,
        formula.arguments.map((argument) => evaluate(argument, lookUp)),
      )
  }
}

function calculate(operator: '+' | '-' | '*' | '/', left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
  }
}

function call(name: FormulaFunction, values: readonly (number | null)[]): number | null {
  if (name === 'coalesce') return values.find((value) => value !== null) ?? null
  const known = values.filter((value) => value !== null)
  return known.length < values.length ? null : finite(Math[name](...(known as [number])))
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
