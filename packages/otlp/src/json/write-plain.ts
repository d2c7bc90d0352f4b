import type { GrowingBytes } from '../growing-bytes.ts'
import type { Field } from '../protobuf/messages.ts'
import type { JsonReader } from './reader.ts'
import { hexDigit } from './unescape.ts'
import { writeTag, writeVarint, writeWords } from './write-scalar.ts'

const sized = 2
const word = 0x1_0000_0000
const zero = 0x30
/** So many always are less than 2^63. */
const mostDigits = 18

let low = 0
let high = 0

/**
 * Writes the reader's last string, unescaped, into a field of the usual forms: text, hex digits, a decimal
 * number. These make up most of a request, and need no JavaScript string. Answers whether it was one of them.
 */
export function writePlain(output: GrowingBytes, field: Field, reader: JsonReader): boolean {
  const { stringBytes: bytes, start, end } = reader
  switch (field.type) {
    case 'string':
      writeTag(output, field, sized)
      output.appendSized(bytes, start, end)
      return true
    case 'id':
      return writeHex(output, field, bytes, start, end)
    case 'fixed64':
    case 'sfixed64':
      if (!readDigits(bytes, start, end)) return false
      writeWords(output, field, low, high)
      return true
    case 'int64':
    case 'uint64':
      if (!readDigits(bytes, start, end)) return false
      writeVarint(output, field, low, high)
      return true
    default:
      return false
  }
}

/** Reads up to 18 digits into `low` and `high`, or 19 that begin with 1 to 8, as the nanoseconds of our time do. */
function readDigits(bytes: Uint8Array, start: number, end: number): boolean {
  const count = end - start
  if (count === 0 || count > mostDigits + 1) return false
  if (count > mostDigits && bytes[start]! > zero + 8) return false
  low = 0
  high = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - zero
    if (digit < 0 || digit > 9) return false
    const next = low * 10 + digit
    low = next % word
    high = high * 10 + (next - low) / word
  }
  return true
}

function writeHex(output: GrowingBytes, field: Field, bytes: Uint8Array, start: number, end: number): boolean {
  if ((end - start) % 2 !== 0) return false
  const before = output.length
  writeTag(output, field, sized)
  output.appendVarint((end - start) / 2)
  output.reserve((end - start) / 2)
  for (let at = start; at < end; at += 2) {
    const value = (hexDigit(bytes[at]!) << 4) | hexDigit(bytes[at + 1]!)
    if (value < 0) {
      output.length = before
      return false
    }
    output.bytes[output.length++] = value
  }
  return true
}
