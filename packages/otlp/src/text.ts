const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const SHORT = 24

/** UTF-8 bytes as a string; what is not UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT) return decoder.decode(bytes.subarray(start, end))
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end))
    text += String.fromCharCode(byte)
  }
  return text
}

/** Standard base64, padded. */
export function encodeBase64(bytes: Uint8Array, start: number, end: number): string {
  let binary = ''
  for (let i = start; i < end; i += 0x2000) {
    binary += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 0x2000)))
  }
  return btoa(binary)
}

const float = new Float64Array(1)
const words = new Int32Array(float.buffer)

/** The double whose IEEE 754 bits are these two words. */
export function doubleOf(low: number, high: number): number {
  words[0] = low
  words[1] = high
  return float[0]!
}

/** A double as text that gives the same double again: `-0`, `NaN` and `Infinity` included. */
export function doubleText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** Two words as a signed 64-bit number in decimal. */
export function int64Text(low: number, high: number): string {
  // Within 32 bits, which most are, no BigInt is needed.
  if (high === low >> 31) return String(low | 0)
  return String((BigInt(high) << 32n) | BigInt(low >>> 0))
}
