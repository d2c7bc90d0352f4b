import type { Parameters } from '../statements/parameters.ts'
import { anyValueOperand, memberOf, pathsOf } from './any-value.ts'
import type { Operand } from './value-conditions.ts'

// Attributes of an event or a link are one text: a JSON object whose strings and booleans are plain, and whose other
// values are AnyValues.

/** AnyValues of a key in such a text, as SQL of an array: the attribute itself, and what it reaches into. */
export function valuesInText(text: string, key: string, parameters: Parameters): string {
  const name = parameters.value('String', key)
  const raw = `JSONExtractRaw(${text}, ${name})`
  const wrapped = ['String', 'Bool'].flatMap((type) => [
    `JSONType(${text}, ${name}) = '${type}'`,
    `concat('{"${type.toLowerCase()}Value":', ${raw}, '}')`,
  ])
  const reached = pathsOf(key).map(([map = '', ...path]) =>
    memberOf(`JSONExtractRaw(${text}, ${parameters.value('String', map)})`, path, parameters),
  )
  return `[${[`multiIf(${wrapped.join(', ')}, ${raw})`, ...reached].join(', ')}]`
}

export function textOperand(text: string, key: string, parameters: Parameters): Operand {
  return anyValueOperand(valuesInText(text, key, parameters), mayHave(text, key, parameters))
}

/** Keys that stand in JSON as they are. */
const bare = /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/

/** Whether the text is worth parsing: it has the key, or one of the maps that the key may reach into. */
function mayHave(text: string, key: string, parameters: Parameters): string {
  const keys = [...new Set([key, ...pathsOf(key).map(([map = '']) => map)])]
  if (!keys.every((each) => bare.test(each))) return `${text} != ''`
  return keys.map((each) => `position(${text}, ${parameters.value('String', `"${each}"`)}) > 0`).join(' OR ')
}
