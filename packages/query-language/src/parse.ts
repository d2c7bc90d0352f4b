import type { SyntaxNode } from '@lezer/common'
import { parseStrictly } from './faults.ts'
import { type CompareOperator, type Field, type Filter, FilterError } from './filter.ts'
import { parser } from './generated/filter.parser.ts'
import { readValue, unquote } from './values.ts'

const strict = parser.configure({ strict: true })

/** Bounds on what one filter may ask, so that no text makes a query that the engine chokes on. */
export const filterLimits = { length: 10_000, depth: 30, conditions: 200, values: 1000 } as const

/**
 * Reads a filter. Blank text matches everything.
 * @throws FilterError with the column of the fault, also when the filter passes {@link filterLimits}
 */
export function parse(text: string): Filter {
  if (text.length > filterLimits.length) {
    throw new FilterError(`A filter has at most ${filterLimits.length} characters`, filterLimits.length + 1)
  }
  refuseDeepNesting(text)
  return new Builder(text).filter(parseStrictly(strict, text, 'filter'))
}

/** Before the parse, since the tree is walked by recursion. Brackets inside quotes count too: they are rare. */
function refuseDeepNesting(text: string): void {
  const nested = /\(|\bnot\b|\b(?:event|link)\s*\{/gi
  let seen = 0
  for (const match of text.matchAll(nested)) {
    seen += 1
    if (seen > filterLimits.conditions) {
      throw new FilterError('The filter has too many brackets and NOTs', match.index + 1)
    }
  }
}

class Builder {
  readonly #text: string
  #conditions = 0

  constructor(text: string) {
    this.#text = text
  }

  filter(node: SyntaxNode, depth = 0): Filter {
    if (depth > filterLimits.depth) throw new FilterError('The filter is nested too deeply', node.from + 1)
    switch (node.name) {
      case 'Filter':
        return node.firstChild ? this.filter(node.firstChild, depth) : { type: 'and', operands: [] }
      case 'Disjunction':
        return this.#operands('or', node, depth)
      case 'Conjunction':
        return this.#operands('and', node, depth)
      case 'Group':
        return this.filter(node.getChild('Disjunction')!, depth + 1)
      case 'Some':
        return {
          type: 'some',
          of: node.getChild('EventOpen') ? 'event' : 'link',
          operand: this.filter(node.getChild('Disjunction')!, depth + 1),
          column: node.from + 1,
        }
      case 'Negation':
        return { type: 'not', operand: this.filter(node.lastChild!, depth + 1) }
      default:
        return this.#condition(node)
    }
  }

  #operands(type: 'and' | 'or', node: SyntaxNode, depth: number): Filter {
    const operands: Filter[] = []
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name !== 'And' && child.name !== 'Or') operands.push(this.filter(child, depth))
    }
    return operands.length === 1 ? operands[0]! : { type, operands }
  }

  #condition(node: SyntaxNode): Filter {
    this.#conditions += 1
    if (this.#conditions > filterLimits.conditions) {
      throw new FilterError(`A filter has at most ${filterLimits.conditions} conditions`, node.from + 1)
    }
    return this.#fieldOrText(node)
  }

  #fieldOrText(node: SyntaxNode): Filter {
    if (node.name === 'Text') {
      const written = this.#slice(node)
      return { type: 'text', text: node.getChild('String') ? unquote(written) : written, column: node.from + 1 }
    }
    const field = this.#field(node.getChild('Field')!)
    const values = this.#values(node)
    const negated = node.getChild('Not') !== null
    switch (node.name) {
      case 'Comparison': {
        const operator = this.#operator(node.getChild('CompareOperator')!)
        return { type: 'comparison', field, operator, value: values[0]! }
      }
      case 'Membership':
        return { type: 'in', negated, field, values }
      case 'Existence':
        return negated ? { type: 'not', operand: { type: 'exists', field } } : { type: 'exists', field }
      case 'Match':
        if (node.getChild('Contains')) return { type: 'contains', negated, field, value: values[0]! }
        return { type: node.getChild('Like') ? 'like' : 'regexp', negated, field, value: values[0]! }
      default:
        throw new Error(`The grammar has a node that parse.ts does not know: ${node.name}`)
    }
  }

  #field(node: SyntaxNode): Field {
    const written = this.#slice(node)
    return { name: node.getChild('QuotedField') ? written.slice(1, -1) : written, column: node.from + 1 }
  }

  #values(node: SyntaxNode) {
    const values = []
    for (let child = node.firstChild; child; child = child.nextSibling) {
      const value = readValue(child.name, this.#slice(child), child.from + 1)
      if (value) values.push(value)
    }
    if (values.length > filterLimits.values) {
      throw new FilterError(`A list has at most ${filterLimits.values} values`, node.from + 1)
    }
    return values
  }

  #operator(node: SyntaxNode): CompareOperator {
    const written = this.#slice(node)
    if (written === '==') return '='
    return written === '<>' ? '!=' : (written as CompareOperator)
  }

  #slice(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to)
  }
}
