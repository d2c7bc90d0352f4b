import type { Value } from './filter.ts'
import { durationPattern } from './words.ts'

const unitNanoseconds: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
}

/** A node of the grammar -> the value that it stands for; undefined when the node is not a value. */
export function readValue(node: string, written: string, column: number): Value | undefined {
  switch (node) {
    case 'String':
      return { type: 'string', text: unquote(written), column }
    case 'Word':
      return { type: 'string', text: written, column }
    case 'Number':
      return { type: 'number', text: written, number: Number(written), column }
    case 'Boolean':
      return { type: 'boolean', text: written, boolean: written.toLowerCase() === 'true', column }
    case 'Duration': {
      const [, amount, unit] = durationPattern.exec(written)!
      return { type: 'duration', text: written, nanoseconds: Number(amount) * unitNanoseconds[unit!]!, column }
    }
    default:
      return undefined
  }
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' }

/**
 * Takes the quotes off. A quote inside is doubled or stands after a backslash; \n \r \t \0 \\ are what they are in C;
 * before anything else the backslash stands for itself, so that '\d+' needs no second one.
 */
export function unquote(written: string): string {
  const quote = written[0]!
  return written.slice(1, -1).replace(/\\([\s\S])|''|""/g, (found: string, escaped: string | undefined) => {
    if (escaped === undefined) return found[0] === quote ? quote : found
    if (escaped === '\\' || escaped === quote) return escaped
    return escapes[escaped] ?? found
  })
}
