import { MAX_NESTING } from '../any-value.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { decodeText, doubleOf, doubleText, encodeBase64, int64Text } from '../text.ts'

/**
 * The AnyValue message up to the reader's limit, as OTLP/JSON text; `{}` when it holds nothing.
 * @param depth how many values this one is in, itself included: what lies between two values does not count
 */
export function anyValueText(reader: ProtobufReader, depth: number): string {
  if (depth > MAX_NESTING) reader.fail(`values are nested deeper than ${MAX_NESTING}`)
  let text = '{}'
  while (reader.more) {
    const tag = reader.tag()
    switch (tag) {
      case 10: {
        const end = reader.sized()
        text = `{"stringValue":${JSON.stringify(decodeText(reader.bytes, reader.start, end))}}`
        break
      }
      case 16:
        reader.varint64()
        text = `{"boolValue":${(reader.low | reader.high) !== 0}}`
        break
      case 24:
        reader.varint64()
        text = `{"intValue":"${int64Text(reader.low, reader.high)}"}`
        break
      case 33:
        reader.fixed64()
        text = `{"doubleValue":${doubleJson(reader.low, reader.high)}}`
        break
      case 42:
        text = nested(reader, depth, arrayText)
        break
      case 50:
        text = nested(reader, depth, kvlistText)
        break
      case 58: {
        const end = reader.sized()
        text = bytesText(reader.bytes, reader.start, end)
        break
      }
      case 64:
        // An index into the string table of the profiles signal; there is no such table here.
        reader.varint64()
        text = '{}'
        break
      default:
        reader.skip(tag)
    }
  }
  return text
}

/** The ArrayValue message up to the reader's limit, as the OTLP/JSON text of an AnyValue. */
export function arrayText(reader: ProtobufReader, depth: number): string {
  const values: string[] = []
  while (reader.more) {
    const tag = reader.tag()
    if (tag === 10) values.push(nested(reader, depth + 1, anyValueText))
    else reader.skip(tag)
  }
  return `{"arrayValue":{"values":[${values.join(',')}]}}`
}

/** The KeyValueList message up to the reader's limit, as the OTLP/JSON text of an AnyValue. */
export function kvlistText(reader: ProtobufReader, depth: number): string {
  const values: string[] = []
  while (reader.more) {
    const tag = reader.tag()
    if (tag === 10) values.push(nested(reader, depth, keyValueText))
    else reader.skip(tag)
  }
  return `{"kvlistValue":{"values":[${values.join(',')}]}}`
}

/** Bytes as the OTLP/JSON text of an AnyValue. */
export function bytesText(bytes: Uint8Array, start: number, end: number): string {
  return `{"bytesValue":"${encodeBase64(bytes, start, end)}"}`
}

/** The bits of a double as a JSON number, or as the string that OTLP/JSON has for what JSON numbers cannot say. */
export function doubleJson(low: number, high: number): string {
  const value = doubleOf(low, high)
  // Whoever parses this and writes it again would lose the sign of a negative zero, were it a number.
  return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : `"${doubleText(value)}"`
}

function keyValueText(reader: ProtobufReader, depth: number): string {
  let key = ''
  let value = '{}'
  while (reader.more) {
    const tag = reader.tag()
    if (tag === 10) {
      const end = reader.sized()
      key = decodeText(reader.bytes, reader.start, end)
    } else if (tag === 18) value = nested(reader, depth + 1, anyValueText)
    else reader.skip(tag)
  }
  return `{"key":${JSON.stringify(key)},"value":${value}}`
}

function nested(
  reader: ProtobufReader,
  depth: number,
  read: (reader: ProtobufReader, depth: number) => string,
): string {
  const outer = reader.enter()
  const text = read(reader, depth)
  reader.leave(outer)
  return text
}
