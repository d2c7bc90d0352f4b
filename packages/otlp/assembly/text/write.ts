// Writing text into a buffer.
import { writeDouble, writeQuoted } from '../host'
import { Buffer } from '../memory/buffer'

const QUOTE: u32 = 0x22
const BACKSLASH: u32 = 0x5c
const DOUBLE_BYTES: usize = 32
const INT_DIGITS: usize = 20
const digits: usize = memory.data(20)

/** Appends text of ASCII characters. */
export function appendLiteral(output: Buffer, text: string): void {
  const count = text.length
  output.reserve(count)
  for (let i = 0; i < count; i++) store<u8>(output.position + i, text.charCodeAt(i))
  output.position += count
}

/** Appends UTF-8 as a JSON string; what is not UTF-8 becomes U+FFFD. */
export function appendQuoted(output: Buffer, start: usize, end: usize): void {
  if (isBare(start, end)) {
    output.push8(QUOTE)
    output.append(start, end - start)
    output.push8(QUOTE)
    return
  }
  output.reserve((end - start) * 6 + 2)
  output.position = writeQuoted(start, end, output.position)
}

/** Whether the bytes are ASCII that stands in a JSON string as it is. */
function isBare(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) {
    const byte = <u32>load<u8>(at)
    if (byte < 0x20 || byte > 0x7f || byte === QUOTE || byte === BACKSLASH) return false
  }
  return true
}

/** Appends a signed 64-bit number in decimal. */
export function appendInt(output: Buffer, bits: u64): void {
  const negative = <i64>bits < 0
  let rest = negative ? 0 - bits : bits
  let at = INT_DIGITS
  do {
    store<u8>(digits + --at, 0x30 + <u32>(rest % 10))
    rest /= 10
  } while (rest !== 0)
  if (negative) output.push8(0x2d)
  output.append(digits + at, INT_DIGITS - at)
}

/** Appends a double as text that gives the same double again: `-0`, `NaN` and `Infinity` included. */
export function appendDouble(output: Buffer, bits: u64): void {
  output.reserve(DOUBLE_BYTES)
  output.position = writeDouble(reinterpret<f64>(bits), output.position)
}

const base64: usize = memory.data<u8>([
  65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 97, 98, 99,
  100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 48,
  49, 50, 51, 52, 53, 54, 55, 56, 57, 43, 47,
])
const PADDING: u32 = 0x3d

/** Appends bytes in standard base64, padded. */
export function appendBase64(output: Buffer, start: usize, end: usize): void {
  output.reserve(((end - start + 2) / 3) * 4)
  let to = output.position
  for (let at = start; at < end; at += 3, to += 4) {
    const rest = end - at
    let bits = (<u32>load<u8>(at)) << 16
    if (rest > 1) bits |= (<u32>load<u8>(at, 1)) << 8
    if (rest > 2) bits |= <u32>load<u8>(at, 2)
    store<u8>(to, load<u8>(base64 + (bits >> 18)))
    store<u8>(to, load<u8>(base64 + ((bits >> 12) & 63)), 1)
    store<u8>(to, rest > 1 ? <u32>load<u8>(base64 + ((bits >> 6) & 63)) : PADDING, 2)
    store<u8>(to, rest > 2 ? <u32>load<u8>(base64 + (bits & 63)) : PADDING, 3)
  }
  output.position = to
}
