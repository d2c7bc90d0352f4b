// AnyValues as OTLP/JSON text.
import { ARRAY_VALUE, BOOL_VALUE, BYTES_VALUE, DOUBLE_VALUE, INT_VALUE, KVLIST_VALUE, MAX_NESTING } from '../any-value'
import { Buffer } from '../memory/buffer'
import {
  enter,
  fail,
  longTag,
  messageEnd,
  sized,
  sizedStart,
  skip,
  take,
  VALUES_TOO_DEEP,
  varint,
  varintValue,
} from '../protobuf/reader'
import { countValue } from '../records/request-state'
import { appendBase64, appendDouble, appendInt, appendLiteral, appendQuoted } from './write'

const scratch = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/**
 * The text of a value that has no column type of its own: array, kvlist, bytes, or nothing (`{}`). Valid until the next
 * call.
 */
export function valueText(type: u32, start: usize, end: usize): Buffer {
  scratch.clear()
  if (type === BYTES_VALUE) appendBytes(scratch, start, end)
  else if (type === ARRAY_VALUE) appendArray(scratch, start, end, 1)
  else if (type === KVLIST_VALUE) appendKvlist(scratch, start, end, 1)
  else appendLiteral(scratch, '{}')
  return scratch
}

/** The text of a log body that is not a string: a scalar as it is, bytes in base64, else as `valueText`. */
export function bodyText(type: u32, bits: u64): Buffer {
  const start = <usize>(<u32>bits)
  const end = <usize>(bits >> 32)
  if (type === ARRAY_VALUE || type === KVLIST_VALUE) return valueText(type, start, end)
  scratch.clear()
  if (type === BOOL_VALUE) appendLiteral(scratch, bits === 0 ? 'false' : 'true')
  else if (type === INT_VALUE) appendInt(scratch, bits)
  else if (type === DOUBLE_VALUE) appendDouble(scratch, bits)
  else if (type === BYTES_VALUE) appendBase64(scratch, start, end)
  return scratch
}

/**
 * Appends the AnyValue message in this range; `{}` when it holds nothing. `depth`: how many values this one is in, itself
 * included; what lies between two values does not count.
 */
export function appendAnyValue(output: Buffer, start: usize, limit: usize, depth: u32): void {
  if (depth > MAX_NESTING) fail(VALUES_TOO_DEEP, start)
  countValue()
  // Of several variants the last one counts: what another wrote is taken back.
  const before = output.length
  appendLiteral(output, '{}')
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    switch (tag) {
      case 10:
        at = sized(at, limit)
        rewind(output, before)
        appendLiteral(output, '{"stringValue":')
        appendQuoted(output, sizedStart, at)
        appendLiteral(output, '}')
        break
      case 16:
        at = varint(at, limit)
        rewind(output, before)
        appendLiteral(output, varintValue === 0 ? '{"boolValue":false}' : '{"boolValue":true}')
        break
      case 24:
        at = varint(at, limit)
        rewind(output, before)
        appendIntValue(output, varintValue)
        break
      case 33: {
        const next = take(at, limit, 8)
        rewind(output, before)
        appendDoubleValue(output, load<u64>(at))
        at = next
        break
      }
      case 42:
      case 50: {
        at = enter(at, limit)
        const end = messageEnd
        rewind(output, before)
        if (tag === 42) appendArray(output, at, end, depth)
        else appendKvlist(output, at, end, depth)
        at = end
        break
      }
      case 58:
        at = sized(at, limit)
        rewind(output, before)
        appendBytes(output, sizedStart, at)
        break
      case 64:
        // An index into the string table of the profiles signal; there is no such table here.
        at = varint(at, limit)
        rewind(output, before)
        appendLiteral(output, '{}')
        break
      default:
        at = skip(tag, at, limit)
    }
  }
}

export function appendIntValue(output: Buffer, bits: u64): void {
  appendLiteral(output, '{"intValue":"')
  appendInt(output, bits)
  appendLiteral(output, '"}')
}

/** A JSON number, or the string that OTLP/JSON has for what JSON numbers cannot say. */
export function appendDoubleValue(output: Buffer, bits: u64): void {
  // Whoever parses this and writes it again would lose the sign of a negative zero, were it a number.
  const isNumber = isFinite(reinterpret<f64>(bits)) && bits !== 1 << 63
  appendLiteral(output, isNumber ? '{"doubleValue":' : '{"doubleValue":"')
  appendDouble(output, bits)
  appendLiteral(output, isNumber ? '}' : '"}')
}

function appendBytes(output: Buffer, start: usize, end: usize): void {
  appendLiteral(output, '{"bytesValue":"')
  appendBase64(output, start, end)
  appendLiteral(output, '"}')
}

/** Appends the ArrayValue message in this range, as the text of an AnyValue. */
function appendArray(output: Buffer, start: usize, limit: usize, depth: u32): void {
  appendLiteral(output, '{"arrayValue":{"values":[')
  let count = 0
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag !== 10) {
      at = skip(tag, at, limit)
      continue
    }
    at = enter(at, limit)
    const end = messageEnd
    if (count++ > 0) appendLiteral(output, ',')
    appendAnyValue(output, at, end, depth + 1)
    at = end
  }
  appendLiteral(output, ']}}')
}

/** Appends the KeyValueList message in this range, as the text of an AnyValue. */
function appendKvlist(output: Buffer, start: usize, limit: usize, depth: u32): void {
  appendLiteral(output, '{"kvlistValue":{"values":[')
  let count = 0
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag !== 10) {
      at = skip(tag, at, limit)
      continue
    }
    at = enter(at, limit)
    const end = messageEnd
    if (count++ > 0) appendLiteral(output, ',')
    appendKeyValue(output, at, end, depth)
    at = end
  }
  appendLiteral(output, ']}}')
}

/** The key is written before the value, wherever it stands: it is looked for first. */
function appendKeyValue(output: Buffer, start: usize, limit: usize, depth: u32): void {
  let keyStart: usize = 0
  let keyEnd: usize = 0
  let at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 10) {
      at = keyEnd = sized(at, limit)
      keyStart = sizedStart
    } else if (tag === 18) {
      enter(at, limit)
      at = messageEnd
    } else at = skip(tag, at, limit)
  }
  appendLiteral(output, '{"key":')
  appendQuoted(output, keyStart, keyEnd)
  appendLiteral(output, ',"value":')
  const before = output.length
  appendLiteral(output, '{}')
  at = start
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag !== 18) {
      at = skip(tag, at, limit)
      continue
    }
    at = enter(at, limit)
    const end = messageEnd
    rewind(output, before)
    appendAnyValue(output, at, end, depth + 1)
    at = end
  }
  appendLiteral(output, '}')
}

function rewind(output: Buffer, length: usize): void {
  output.position = output.start + length
}
