/** Anything that was thrown as an Error, and in any case one whose name, message and stack can be read. */
export function asError(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && isReadable(thrown)) return thrown
    return new Error(String(thrown))
  } catch {
    return new Error('an error that cannot be read')
  }
}

/** Whether something is an Error, also where a proxy would rather throw than say so. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error
  } catch {
    return false
  }
}

function isReadable({ name, message, stack }: Error): boolean {
  return typeof name === 'string' && typeof message === 'string' && (stack === undefined || typeof stack === 'string')
}
