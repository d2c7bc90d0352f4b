import { MAX_NESTING } from '../any-value.ts'
import { anyValue, type Message } from './messages.ts'
import type { ProtobufReader } from './reader.ts'

/**
 * Reads the message up to the reader's limit, all levels down, and keeps nothing. What is rejected for itself is still
 * checked so: whether a request is decodable does not hang on which of its items are good. Throws DecodeError.
 */
export function validateMessage(reader: ProtobufReader, message: Message, depth = 0): void {
  if (depth > MAX_NESTING) reader.fail(`values are nested deeper than ${MAX_NESTING}`)
  while (reader.more) {
    const tag = reader.tag()
    const type = (tag & 7) === 2 ? message.byNumber.get(tag >>> 3)?.type : undefined
    if (typeof type !== 'object') {
      reader.skip(tag)
      continue
    }
    const outer = reader.enter()
    validateMessage(reader, type, type === anyValue ? depth + 1 : depth)
    reader.leave(outer)
  }
}
