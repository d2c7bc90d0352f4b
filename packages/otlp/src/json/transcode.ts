import { isUtf8 } from 'node:buffer'
import { maxNesting } from '../any-value.ts'
import { DecodeError, TooLargeError } from '../decode-error.ts'
import { GrowingBytes } from '../growing-bytes.ts'
import { anyValue, type Field, type Message, requests } from '../protobuf/messages.ts'
import { type FieldName, FieldNames } from './field-names.ts'
import { Parts } from './parts.ts'
import { type JsonKind, JsonReader } from './reader.ts'
import type { JsonScalar } from './scalars.ts'
import { writePlain } from './write-plain.ts'
import { fieldBytes, writeScalar } from './write-scalar.ts'

const encoder = new TextEncoder()
const sized = 2
const lengthBytes = 4
/** What a length of four bytes can say. */
const maxBytes = 2 ** 28 - 1

/**
 * Turns an OTLP/JSON body into the protobuf bytes of the same request, so that one decoder does for both. The text is
 * read once, and nothing of it is kept but what is written. Unknown names are passed over, null is the same as absent; a
 * name that is there twice counts as in protobuf. Throws DecodeError, which names the place (`$.resourceSpans[0].…`),
 * and TooLargeError as soon as there is more than a request may have.
 */
export function transcode(signal: keyof typeof requests, body: Uint8Array): Uint8Array {
  const transcoder = new Transcoder(plainUtf8(body))
  transcoder.message(requests[signal], 0)
  return transcoder.finish()
}

class Transcoder {
  readonly #reader: JsonReader
  readonly #output: GrowingBytes
  readonly #parts = new Parts()
  readonly #path: (string | number)[] = []

  constructor(text: Uint8Array) {
    this.#reader = new JsonReader(text)
    this.#output = new GrowingBytes(text.length)
  }

  finish(): Uint8Array {
    this.#reader.finish()
    const { bytes, length } = this.#output
    if (length > maxBytes) throw new TooLargeError('the request is too large; send smaller batches')
    return bytes.subarray(0, length)
  }

  /** @param depth of the AnyValues around it */
  message(message: Message, depth: number): void {
    const reader = this.#reader
    if (depth > maxNesting) this.#fail(`is nested deeper than ${maxNesting} values`)
    if (reader.kind() !== 'object') this.#fail(`must be an object (${message.name})`)
    const names = FieldNames.of(message)
    reader.enter()
    for (let isFirst = true; reader.nextMember(isFirst); isFirst = false) {
      reader.unescape()
      const known = names.find(reader.stringBytes, reader.start, reader.end)
      if (known === undefined) reader.skip(this.#path.length)
      else this.#member(message, known, depth)
    }
  }

  #member(message: Message, { name, field }: FieldName, depth: number): void {
    if (this.#reader.kind() === 'null') {
      this.#reader.null()
      return
    }
    this.#path.push(name)
    if (field.repeated) this.#list(message, field, depth)
    else this.#field(message, field, depth)
    this.#path.pop()
  }

  #list(message: Message, field: Field, depth: number): void {
    const reader = this.#reader
    if (reader.kind() !== 'array') this.#fail('must be an array')
    reader.enter()
    for (let i = 0; reader.nextElement(i === 0); i++) {
      this.#parts.count(field)
      this.#path.push(i)
      if (!this.#missing(message, field)) this.#field(message, field, depth)
      this.#path.pop()
    }
  }

  /** A null in a list of values or doubles keeps its place: it stands for one that JSON could not say. */
  #missing(message: Message, field: Field): boolean {
    const { type } = field
    if ((type !== 'double' && type !== anyValue) || this.#reader.kind() !== 'null') return false
    this.#reader.null()
    if (type === 'double') writeScalar(this.#output, message, field, 'NaN')
    else {
      this.#output.appendVarint((field.number << 3) | sized)
      this.#output.push(0)
    }
    return true
  }

  #field(message: Message, field: Field, depth: number): void {
    const { type } = field
    if (typeof type !== 'object') {
      this.#scalar(message, field)
      return
    }
    const output = this.#output
    output.appendVarint((field.number << 3) | sized)
    const start = fieldBytes(output, lengthBytes)
    this.message(type, type === anyValue ? depth + 1 : depth)
    writeLength(output, start)
  }

  #scalar(message: Message, field: Field): void {
    const reader = this.#reader
    const kind = reader.kind()
    if (kind === 'string') {
      reader.string()
      reader.unescape()
      if (writePlain(this.#output, field, reader)) return
    }
    const fault = writeScalar(this.#output, message, field, this.#value(kind))
    if (fault !== undefined) this.#fail(fault)
  }

  /** A string is read already. */
  #value(kind: JsonKind): JsonScalar {
    if (kind === 'string') return this.#reader.text()
    if (kind === 'number') return this.#reader.number()
    if (kind === 'boolean') return this.#reader.boolean()
    return null
  }

  #fail(what: string): never {
    const place = this.#path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    throw new DecodeError(`not a valid OTLP/JSON request: $${place} ${what}`)
  }
}

/** Fills in a length that was left open: four bytes, of which the first three say that more follow. */
function writeLength(output: GrowingBytes, start: number): void {
  const length = output.length - start - lengthBytes
  output.bytes[start] = (length & 0x7f) | 0x80
  output.bytes[start + 1] = ((length >>> 7) & 0x7f) | 0x80
  output.bytes[start + 2] = ((length >>> 14) & 0x7f) | 0x80
  output.bytes[start + 3] = length >>> 21
}

/** The text in memory of this thread, as UTF-8 without a mark before it; what is no UTF-8 becomes U+FFFD. */
function plainUtf8(body: Uint8Array): Uint8Array {
  const own = body.buffer instanceof SharedArrayBuffer ? Buffer.allocUnsafe(body.length).fill(body) : body
  const text = isUtf8(own) ? own : encoder.encode(new TextDecoder().decode(own))
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? text.subarray(3) : text
}
