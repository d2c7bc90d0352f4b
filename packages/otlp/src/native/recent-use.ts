/** Smaller buffers are kept whatever is in them. */
const ALWAYS_KEPT_BYTES = 64 * 1024
/** How often a buffer may be larger than what recent batches put into it. */
const MAX_SLACK = 4

/** The most that a batch put in, of those not long ago: after a large batch it falls by an eighth with each. */
export function recentPeak(before: number, used: number): number {
  return Math.max(used, before - (before >>> 3))
}

/** Whether a buffer is so much larger than what it is used for that it should be given back. */
export function isFarBeyond(heldBytes: number, recentBytes: number): boolean {
  return heldBytes > ALWAYS_KEPT_BYTES && heldBytes > recentBytes * MAX_SLACK
}
