import { anyValue, type Message, requests } from '../src/protobuf/messages.ts'

/** The AssemblyScript file that tells which fields of a message are messages, for `protobuf/validate.ts`. */
export function generateMessages(): string {
  const messages = [...new Set(Object.values(requests).flatMap((request) => [...allWithin(request)]))]
  const numbers = new Map(messages.map((message, number) => [message, number]))
  const cases = messages.map((message) => {
    const nested = [...message.byNumber.values()].filter(({ type }) => typeof type === 'object')
    const fields = nested.map(
      ({ number, type }) => `      if (tag === ${(number << 3) | 2}) return ${constantOf(type as Message)}`,
    )
    return [`    case ${constantOf(message)}:`, ...fields, '      return NO_MESSAGE'].join('\n')
  })
  return [
    '// Made by `pnpm generate` from src/protobuf/messages.ts.',
    'export const NO_MESSAGE = -1',
    ...messages.map((message) => `export const ${constantOf(message)} = ${numbers.get(message)}`),
    '',
    '/** The message that the field with this tag is, in a message. */',
    'export function nestedMessage(message: i32, tag: u32): i32 {',
    '  switch (message) {',
    ...cases,
    '    default:',
    '      return NO_MESSAGE',
    '  }',
    '}',
    '',
  ].join('\n')
}

function allWithin(message: Message, found = new Set<Message>()): Set<Message> {
  if (found.has(message)) return found
  found.add(message)
  for (const { type } of message.byNumber.values()) if (typeof type === 'object') allWithin(type, found)
  return found
}

function constantOf(message: Message): string {
  if (message === anyValue) return 'ANY_VALUE'
  return message.name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toUpperCase()
}
