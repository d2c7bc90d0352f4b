import { DecodeError } from '../decode-error.ts'
import type { GrowingBytes } from '../growing-bytes.ts'

const backslash = 0x5c
const replacement = 0xfffd
/** Of `"`, `\`, `/`, `b`, `f`, `n`, `r` and `t`. */
const simple = new Uint8Array(128)
for (const [letter, character] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
})) {
  simple[letter.charCodeAt(0)] = character.charCodeAt(0)
}

/** Appends the text of a JSON string, which lies between its quotes. Half a surrogate pair becomes U+FFFD. Throws DecodeError. */
export function appendUnescaped(output: GrowingBytes, bytes: Uint8Array, start: number, end: number): void {
  // Nothing becomes longer: the shortest escape of three bytes has six.
  output.reserve(end - start)
  let at = start
  while (at < end) {
    const byte = bytes[at]!
    if (byte !== backslash) {
      output.bytes[output.length++] = byte
      at++
    } else if (bytes[at + 1] === 0x75) at = appendCodePoint(output, bytes, at, end)
    else {
      const character = simple[bytes[at + 1]! & 0x7f]!
      if (at + 2 > end || bytes[at + 1]! > 0x7f || character === 0) fail(at)
      output.bytes[output.length++] = character
      at += 2
    }
  }
}

function appendCodePoint(output: GrowingBytes, bytes: Uint8Array, at: number, end: number): number {
  const first = codeUnit(bytes, at, end)
  if (first < 0xd800 || first > 0xdfff) {
    appendUtf8(output, first)
    return at + 6
  }
  const isPair = first < 0xdc00 && bytes[at + 6] === backslash && bytes[at + 7] === 0x75
  const second = isPair ? codeUnit(bytes, at + 6, end) : 0
  if (second < 0xdc00 || second > 0xdfff) {
    appendUtf8(output, replacement)
    return at + 6
  }
  appendUtf8(output, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
  return at + 12
}

/** The four hex digits of an escape. */
function codeUnit(bytes: Uint8Array, at: number, end: number): number {
  if (at + 6 > end) fail(at)
  let unit = 0
  for (let i = at + 2; i < at + 6; i++) {
    const digit = hexDigit(bytes[i]!)
    if (digit < 0) fail(at)
    unit = unit * 16 + digit
  }
  return unit
}

/** Below zero for what is no hex digit. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function appendUtf8(output: GrowingBytes, codePoint: number): void {
  const { bytes } = output
  if (codePoint < 0x80) bytes[output.length++] = codePoint
  else if (codePoint < 0x800) {
    bytes[output.length++] = 0xc0 | (codePoint >> 6)
    bytes[output.length++] = 0x80 | (codePoint & 0x3f)
  } else {
    if (codePoint < 0x10000) bytes[output.length++] = 0xe0 | (codePoint >> 12)
    else {
      bytes[output.length++] = 0xf0 | (codePoint >> 18)
      bytes[output.length++] = 0x80 | ((codePoint >> 12) & 0x3f)
    }
    bytes[output.length++] = 0x80 | ((codePoint >> 6) & 0x3f)
    bytes[output.length++] = 0x80 | (codePoint & 0x3f)
  }
}

function fail(at: number): never {
  throw new DecodeError(`not valid JSON: the escape at byte ${at} is none`)
}
