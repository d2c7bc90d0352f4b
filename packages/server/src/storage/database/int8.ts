/**
 * Reads a 64-bit integer as PostgreSQL writes it. Node's SQLite does the same with its own: a number, and an error beyond what a
 * number can hold, never a value that is nearly right.
 * @throws RangeError beyond ±(2^53 − 1)
 */
export function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The integer ${text} is larger than a number can hold.`)
  return value
}
