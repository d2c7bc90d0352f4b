import type { SyntaxNode } from '@lezer/common'
import type { LRParser } from '@lezer/lr'
import { FilterError } from './filter.ts'

/**
 * The tree of a text without any fault. @param parser configured as strict
 * @param what the text is, for the message: filter
 * @throws FilterError with the column where the text stops being one
 */
export function parseStrictly(parser: LRParser, text: string, what: string): SyntaxNode {
  try {
    return parser.parse(text).topNode
  } catch (error) {
    const at = /at (\d+)$/.exec(error instanceof Error ? error.message : '')
    if (!at) throw error
    throw faultAt(text, Number(at[1]), what)
  }
}

function faultAt(text: string, from: number, what: string): FilterError {
  // The parser stops where the space before the token begins.
  const rest = text.slice(from)
  const position = from + rest.length - rest.trimStart().length
  const before = text.slice(0, position).trimEnd()
  if (position >= text.length) {
    return new FilterError(`The ${what} ends where more is expected`, text.length + 1, missingAfter(before))
  }
  const quote = /^['"`]/.exec(text.slice(position))?.[0]
  if (quote && !text.slice(position + 1).includes(quote)) {
    return new FilterError(`The quote ${quote} is not closed`, position + 1)
  }
  const token = /^(?:[()=<>!,'"`]|[^\s()=<>!,'"`]+)/.exec(text.slice(position))?.[0] ?? ''
  const shown = JSON.stringify(token.slice(0, 40))
  return new FilterError(`${shown} is not expected here`, position + 1, unexpected(token, before))
}

const operatorAtEnd = /(?:[=<>]|\b(?:contains|like|regexp|in))$/i
const joinAtEnd = /(?:\b(?:and|or|not)|[+*/-])$/i

function missingAfter(before: string): string | undefined {
  const last = /\S+$/.exec(before)?.[0] ?? ''
  if (joinAtEnd.test(before)) return `Something has to follow ${last}`
  if (operatorAtEnd.test(before)) return `A value has to follow ${last}`
  const isOpen = (open: RegExp, close: RegExp) => (before.match(open)?.length ?? 0) > (before.match(close)?.length ?? 0)
  if (isOpen(/\(/g, /\)/g)) return 'A closing ) is missing'
  return isOpen(/\{/g, /\}/g) ? 'A closing } is missing' : undefined
}

const keyword = /^(?:and|or|not|in|exists|contains|like|regexp)$/i

function unexpected(token: string, before: string): string | undefined {
  if (token === ')' && before.endsWith('(')) return 'A list needs at least one value'
  if (token === ')') return 'No ( is open here'
  if (token.startsWith('}') && before.endsWith('{')) return 'A condition has to stand between the braces'
  if (token.startsWith('}') && !operatorAtEnd.test(before)) {
    return 'Braces close what event{ or link{ opened; in a text they go in quotes'
  }
  if (token === '!') return 'Not equal is written !=, and negation NOT'
  if (operatorAtEnd.test(before)) {
    return keyword.test(token) ? `A value that is a keyword goes in quotes: '${token}'` : 'A value has to stand here'
  }
  if (/^(?:and|or)$/i.test(token)) return `${token} joins two conditions; one is missing before it`
  return keyword.test(token) ? `A key that is a keyword goes in backticks: \`${token}\`` : undefined
}
