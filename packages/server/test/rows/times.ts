/** Epoch nanoseconds as ClickHouse reads a DateTime64(9). */
export function time64(ns: bigint): string {
  const seconds = ns / 1_000_000_000n
  const rest = (ns % 1_000_000_000n).toString().padStart(9, '0')
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')}.${rest}`
}

/** Now, as ClickHouse reads a DateTime. */
export function receivedNow(): string {
  return receivedAt(Date.now())
}

/** Epoch ms, likewise. */
export function receivedAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}

export const nsOfMs = (ms: number): bigint => BigInt(Math.round(ms * 1000)) * 1000n

/** Ids in these tests are readable bytes, so that a row can be written as JSON. */
export const hexOf = (id: string): string => Buffer.from(id).toString('hex')
