import type { GrowingBytes } from '../growing-bytes.ts'
import type { Field, Message } from '../protobuf/messages.ts'
import { fromBase64, fromHex, type JsonScalar, toDouble, toInteger64 } from './scalars.ts'

const varint = 0
const fixed64 = 1
const sized = 2
const fixed32 = 5

const integer = { low: 0, high: 0 }
const float = new Float64Array(1)
const floatWords = new Int32Array(float.buffer)

/** Where a number goes that is not an int64: opentelemetry-js says `intValue` of every integral number, `1e+21` too. */
const doubleInstead: Readonly<Record<string, string>> = { int_value: 'double_value', as_int: 'as_double' }

/** Writes a field that is not a message. Answers what is wrong with the value, if anything. */
export function writeScalar(
  output: GrowingBytes,
  message: Message,
  field: Field,
  value: JsonScalar,
): string | undefined {
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? writeText(output, field, value) : 'must be a string'
    case 'bytes':
      return writeBytes(output, field, typeof value === 'string' ? fromBase64(value) : undefined, 'base64')
    case 'id':
      return writeBytes(output, field, typeof value === 'string' ? fromHex(value) : undefined, 'hex digits')
    case 'bool':
      if (typeof value !== 'boolean') return 'must be true or false'
      return writeVarint(output, field, value ? 1 : 0, 0)
    case 'enum':
      return writeEnum(output, field, value)
    case 'double':
      return writeDouble(output, field, value)
    default:
      return writeInteger(output, message, field, value)
  }
}

/** Leaves `count` bytes open; answers where they are. */
export function fieldBytes(output: GrowingBytes, count: number): number {
  output.reserve(count)
  const start = output.length
  output.length += count
  return start
}

export function writeTag(output: GrowingBytes, field: Field, wireType: number): void {
  output.appendVarint((field.number << 3) | wireType)
}

function writeText(output: GrowingBytes, field: Field, text: string): undefined {
  writeTag(output, field, sized)
  output.appendText(text)
}

function writeBytes(
  output: GrowingBytes,
  field: Field,
  bytes: Uint8Array | undefined,
  form: string,
): string | undefined {
  if (bytes === undefined) return `must be a string of ${form}`
  writeTag(output, field, sized)
  output.appendSized(bytes, 0, bytes.length)
  return undefined
}

export function writeVarint(output: GrowingBytes, field: Field, low: number, high: number): undefined {
  writeTag(output, field, varint)
  output.reserve(10)
  let lowRest = low >>> 0
  let highRest = high >>> 0
  while (highRest > 0 || lowRest > 0x7f) {
    output.bytes[output.length++] = (lowRest & 0x7f) | 0x80
    lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0
    highRest >>>= 7
  }
  output.bytes[output.length++] = lowRest
}

export function writeWords(output: GrowingBytes, field: Field, low: number, high: number): undefined {
  writeTag(output, field, fixed64)
  writeWord(output, low)
  writeWord(output, high)
}

function writeWord(output: GrowingBytes, word: number): void {
  output.reserve(4)
  const { bytes } = output
  let at = output.length
  bytes[at++] = word
  bytes[at++] = word >>> 8
  bytes[at++] = word >>> 16
  bytes[at++] = word >>> 24
  output.length = at
}

function writeEnum(output: GrowingBytes, field: Field, value: JsonScalar): string | undefined {
  const known = typeof value === 'string' ? (field.values?.indexOf(value) ?? -1) : -1
  if (known >= 0) return writeVarint(output, field, known, 0)
  const number = toInteger64(value, true, integer) === 'ok' ? integer.low : undefined
  if (number === undefined) return `must be a number or one of ${field.values?.slice(0, 3).join(', ')} …`
  return writeVarint(output, field, integer.low, integer.high)
}

function writeDouble(output: GrowingBytes, field: Field, value: JsonScalar): string | undefined {
  const number = toDouble(value)
  if (number === undefined) return 'must be a number, "NaN", "Infinity" or "-Infinity"'
  float[0] = number
  return writeWords(output, field, floatWords[0]!, floatWords[1]!)
}

function writeInteger(output: GrowingBytes, message: Message, field: Field, value: JsonScalar): string | undefined {
  const signed = field.type === 'int64' || field.type === 'sfixed64' || field.type === 'sint32'
  const outcome = toInteger64(value, signed, integer)
  if (outcome === 'invalid') return 'must be an integer, as a number or a string of digits'
  if (outcome === 'inexact') return writeInexact(output, message, field, value)
  const { low, high } = integer
  switch (field.type) {
    case 'fixed64':
    case 'sfixed64':
      return writeWords(output, field, low, high)
    case 'int64':
    case 'uint64':
      return writeVarint(output, field, low, high)
    case 'sint32':
      if (high !== low >> 31) return 'must be an integer of 32 bits'
      return writeVarint(output, field, (low << 1) ^ (low >> 31), 0)
    default:
      if (high !== 0) return 'must be an integer of 32 bits'
      if (field.type !== 'fixed32') return writeVarint(output, field, low, 0)
      writeTag(output, field, fixed32)
      writeWord(output, low)
      return undefined
  }
}

/** An integer too large for its field, or a fraction: kept as a double where there is one, or as the largest time. */
function writeInexact(output: GrowingBytes, message: Message, field: Field, value: JsonScalar): string | undefined {
  const instead = message.byName.get(doubleInstead[field.name] ?? '')
  if (instead !== undefined) return writeDouble(output, instead, value)
  // So that the item with this time is rejected for it, and the others of the request are kept.
  const number = toDouble(value)!
  if (field.name.endsWith('_unix_nano') && (number < 0 || number > 0xffffffffffff)) {
    return writeWords(output, field, -1, -1)
  }
  return `must be an integer of ${field.type.toString().includes('32') ? 32 : 64} bits`
}
