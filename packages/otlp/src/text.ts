const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const short = 24

/** UTF-8 bytes as a string; what is not UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > short) return decoder.decode(bytes.subarray(start, end))
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end))
    text += String.fromCharCode(byte)
  }
  return text
}

/** A double as text that gives the same double again: `-0`, `NaN` and `Infinity` included. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
