import { MAX_NESTING } from '../any-value'
import { ANY_VALUE, NO_MESSAGE, nestedMessage } from '../generated/messages'
import { enter, fail, longTag, messageEnd, skip, VALUES_TOO_DEEP, varintValue } from './reader'

/**
 * Reads a message, all levels down, and keeps nothing. What is rejected for itself is still checked so: whether a request
 * is decodable does not hang on which of its items are good.
 */
export function validateMessage(message: i32, start: usize, limit: usize, depth: u32 = 0): void {
  if (depth > MAX_NESTING) fail(VALUES_TOO_DEEP, start)
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    const nested = nestedMessage(message, tag)
    if (nested === NO_MESSAGE) {
      at = skip(tag, at, limit)
      continue
    }
    at = enter(at, limit)
    const end = messageEnd
    validateMessage(nested, at, end, nested === ANY_VALUE ? depth + 1 : depth)
    at = end
  }
}
