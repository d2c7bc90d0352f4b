import { MAX_NESTING } from '../any-value.ts'
import { DecodeError } from '../decode-error.ts'
import { GrowingBytes } from '../growing-bytes.ts'
import { anyValue, type Field, type Message, requests } from '../protobuf/messages.ts'
import { type JsonObject, type JsonValue, parseJson } from './parse.ts'
import { fieldBytes, writeScalar } from './write-scalar.ts'

const LENGTH_BYTES = 4

/**
 * Turns an OTLP/JSON body into the protobuf bytes of the same request, so that one decoder does for both. Unknown names
 * are passed over, null is the same as absent. Throws DecodeError, which names the place (`$.resourceSpans[0].…`).
 */
export function transcode(signal: keyof typeof requests, body: Uint8Array): Uint8Array {
  const output = new GrowingBytes()
  writeMessage(output, requests[signal], parseJson(body), [], 0)
  return output.bytes.subarray(0, output.length)
}

type Path = (string | number)[]

function writeMessage(output: GrowingBytes, message: Message, value: JsonValue, path: Path, depth: number): void {
  if (depth > MAX_NESTING) fail(path, `is nested deeper than ${MAX_NESTING} values`)
  if (!isObject(value)) fail(path, `must be an object (${message.name})`)
  for (const name in value) {
    const field = message.byName.get(name)
    const member = value[name]
    if (field === undefined || member === undefined || member === null) continue
    path.push(name)
    if (field.repeated) writeList(output, message, field, member, path, depth)
    else writeField(output, message, field, member, path, depth)
    path.pop()
  }
}

function writeList(
  output: GrowingBytes,
  message: Message,
  field: Field,
  value: JsonValue,
  path: Path,
  depth: number,
): void {
  if (!Array.isArray(value)) fail(path, 'must be an array')
  for (let i = 0; i < value.length; i++) {
    path.push(i)
    writeField(output, message, field, elementOf(field, value[i] as JsonValue), path, depth)
    path.pop()
  }
}

/** A null in a list of values or doubles keeps its place: it stands for one that JSON could not say. */
function elementOf({ type }: Field, element: JsonValue): JsonValue {
  if (element !== null) return element
  if (type === 'double') return 'NaN'
  return type === anyValue ? {} : null
}

function writeField(
  output: GrowingBytes,
  message: Message,
  field: Field,
  value: JsonValue,
  path: Path,
  depth: number,
): void {
  const { type } = field
  if (typeof type !== 'object') {
    const fault = writeScalar(output, message, field, value)
    if (fault !== undefined) fail(path, fault)
    return
  }
  output.appendVarint((field.number << 3) | 2)
  const start = fieldBytes(output, LENGTH_BYTES)
  writeMessage(output, type, value, path, type === anyValue ? depth + 1 : depth)
  writeLength(output, start)
}

/** Fills in a length that was left open: four bytes, of which the first three say that more follow. */
function writeLength(output: GrowingBytes, start: number): void {
  const length = output.length - start - LENGTH_BYTES
  output.bytes[start] = (length & 0x7f) | 0x80
  output.bytes[start + 1] = ((length >>> 7) & 0x7f) | 0x80
  output.bytes[start + 2] = ((length >>> 14) & 0x7f) | 0x80
  output.bytes[start + 3] = length >>> 21
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fail(path: Path, what: string): never {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  throw new DecodeError(`not a valid OTLP/JSON request: $${place} ${what}`)
}
