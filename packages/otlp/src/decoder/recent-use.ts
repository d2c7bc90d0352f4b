/** A smaller memory is kept whatever is in it. */
const alwaysKeptBytes = 16 * 1024 * 1024
/** How often a memory may be larger than what recent batches put into it; twice to four times is usual, for buffers grow by doubling. */
const maxSlack = 8

/** The most that a batch put in, of those not long ago: after a large batch it falls by an eighth with each. */
export function recentPeak(before: number, used: number): number {
  return Math.max(used, before - (before >>> 3))
}

/** Whether a memory is so much larger than what it is used for that it should be given back. */
export function isFarBeyond(heldBytes: number, recentBytes: number): boolean {
  return heldBytes > alwaysKeptBytes && heldBytes > recentBytes * maxSlack
}
