export const TRACE_ID_BYTES = 16
export const SPAN_ID_BYTES = 8

/** Whether the range is as long as an id should be and not all zero. */
export function isValidId(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  if (end - start !== length) return false
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return true
  return false
}
