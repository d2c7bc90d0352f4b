import { z } from 'zod'
import { invalid } from '../../http/errors/api-error.ts'

const position = z.tuple([
  z
    .string()
    .regex(/^(?:0|-?[1-9]\d{0,18})$/)
    .refine(isInt64),
  z.string().max(64),
])

/** Where the next page goes on: a time in decimal nanoseconds, and what orders items of one time. */
export type Position = readonly [time: string, id: string]

/** Opaque to the caller. */
export function encodeCursor(at: Position): string {
  return Buffer.from(JSON.stringify(at)).toString('base64url')
}

/**
 * @param id what the second part looks like in this list
 * @throws ApiError VALIDATION_ERROR when it is not one of this list
 */
export function decodeCursor(text: string | undefined, id: RegExp): Position | undefined {
  if (text === undefined) return undefined
  try {
    const at = position.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    if (id.test(at[1])) return at
  } catch {
    // Answered below, as any cursor of another list.
  }
  throw invalid('cursor', 'is not a nextCursor of this list')
}

function isInt64(text: string): boolean {
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}
