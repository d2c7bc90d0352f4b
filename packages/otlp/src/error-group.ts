import type { Hash64 } from './hash.ts'

/** What tells one kind of error from another. */
export interface ErrorFacts {
  readonly service: string
  /** `exception.type`, else `error.type`; may be empty. */
  readonly type: string
  /** `exception.message`, else the status message; may be empty. */
  readonly message: string
  /** `exception.stacktrace`; may be empty. */
  readonly stack: string
  /** The operation, which counts only where there is nothing else to go by. */
  readonly operation: string
}

const maxMessage = 1000
const maxStack = 8000
const maxFrames = 5
const errorGroupWire = 11

const frame = /^\s*(?:at |File "|\.{3}|from )|[:(]\d+\)?|\bline \d+/

/**
 * Puts the errors that one fault causes into one group: what varies from case to case (numbers, ids, quoted values in the
 * message; line numbers in the stack) does not count. The hash is stable over releases; never 0.
 */
export function errorGroup(facts: ErrorFacts, hash: Hash64): Hash64 {
  const message = messagePattern(facts.message)
  const frames = topFrames(facts.stack)
  hash.begin(errorGroupWire).text(facts.service).text(facts.type).text(message)
  for (const line of frames) hash.text(line)
  if (facts.type === '' && message === '' && frames.length === 0) hash.text(facts.operation)
  hash.finish()
  if (hash.low === 0 && hash.high === 0) hash.low = 1
  return hash
}

/** The message with everything blanked that differs between two cases of the same error. */
export function messagePattern(message: string): string {
  return message
    .slice(0, maxMessage)
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '*')
    .replace(/"[^"\n]*"|`[^`\n]*`|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}])/gu, '*')
    .replace(/\b0x[0-9a-f]+\b/gi, '*')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, '*')
    .replace(/\d+(?:[.,:]\d+)*/g, '*')
    .replace(/\s+/g, ' ')
    .trim()
}

/** The innermost frames of a stack trace, without line numbers, columns and addresses. */
export function topFrames(stack: string): string[] {
  const fromEnd = stack.startsWith('Traceback')
  const text = fromEnd ? stack.slice(-maxStack) : stack.slice(0, maxStack)
  const lines = text.split('\n').filter((line) => frame.test(line))
  const innermost = fromEnd ? lines.slice(-maxFrames) : lines.slice(0, maxFrames)
  return innermost.map((line) =>
    line
      .replace(/\bline \d+/g, 'line')
      .replace(/:\d+(?::\d+)?/g, '')
      .replace(/\+?0x[0-9a-f]+/gi, '')
      .replace(/[0-9]+/g, '#')
      .trim(),
  )
}
