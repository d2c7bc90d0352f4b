import { BOOL, STRING } from '../any-value.ts'
import { GrowingBytes } from '../native/growing-bytes.ts'
import { GrowingWords } from '../native/growing-words.ts'
import type { StringColumn } from '../native/string-columns.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { decodeText } from '../text.ts'
import { anyValueText } from './any-value-text.ts'
import { PlainAttribute } from './plain-attribute.ts'
import { ValueScan } from './value-scan.ts'

/** More attributes than this are not worth being compared each with each. */
const MAX_COPIED = 8
/** Of one attribute: a list of empty values becomes ten times as many bytes of JSON. */
const MAX_BYTES = 4 * 1024 * 1024

/**
 * Collects KeyValue fields into the text of one JSON object. Most are strings without anything to escape: their bytes
 * are copied as they come. The first that is not makes all of them go through strings.
 */
export class AttributesText {
  readonly #values = new Map<string, string>()
  readonly #strings = new Map<string, string>()
  readonly #scan = new ValueScan()
  readonly #plain = new PlainAttribute()
  /** Where the fields that were copied into `#json` start. */
  readonly #copied = new GrowingWords()
  readonly #json = new GrowingBytes()
  #reader: ProtobufReader | undefined

  clear(): void {
    this.#copied.clear()
    this.#json.clear()
    if (this.#values.size === 0) return
    this.#values.clear()
    this.#strings.clear()
  }

  /** Reads one KeyValue field. Of several with the same key the last counts. */
  add(reader: ProtobufReader): void {
    this.#reader = reader
    if (this.#values.size === 0 && this.#copy(reader)) return
    this.#toStrings()
    this.#addAsStrings(reader)
  }

  /** The value of a key, empty when it has none or not a string. */
  string(key: string): string {
    this.#toStrings()
    return this.#strings.get(key) ?? ''
  }

  /** `{"key":"string","key2":true,"key3":{"intValue":"1"}}`, or nothing when there are no attributes. */
  text(): string {
    this.#toStrings()
    if (this.#values.size === 0) return ''
    const members: string[] = []
    for (const [key, value] of this.#values) members.push(`${JSON.stringify(key)}:${value}`)
    return `{${members.join(',')}}`
  }

  /** Appends what `text` answers to the column. */
  appendTo(column: StringColumn): void {
    if (this.#copied.length === 0) {
      column.appendText(this.text())
      return
    }
    this.#json.push(CLOSE)
    column.append(this.#json.bytes, 0, this.#json.length)
    this.#json.length--
  }

  #copy(reader: ProtobufReader): boolean {
    const plain = this.#plain
    const { position, bytes } = reader
    if (this.#copied.length === MAX_COPIED || !plain.read(reader)) return false
    const { keyStart, keyEnd, first, second } = plain
    if (
      plain.type !== STRING ||
      !isBare(bytes, keyStart, keyEnd) ||
      !isBare(bytes, first, second) ||
      this.#isRepeated(bytes, keyStart, keyEnd)
    ) {
      reader.position = position
      return false
    }
    const json = this.#json
    json.push(this.#copied.length === 0 ? OPEN : COMMA)
    json.push(QUOTE)
    json.append(bytes, keyStart, keyEnd)
    json.push(QUOTE)
    json.push(COLON)
    json.push(QUOTE)
    json.append(bytes, first, second)
    json.push(QUOTE)
    this.#copied.push(position)
    return true
  }

  #isRepeated(bytes: Uint8Array, start: number, end: number): boolean {
    const { words, length } = this.#copied
    for (let i = 0; i < length; i++) {
      // In a field that was copied the length of the key is the byte before it, the second after the field's length.
      const other = words[i]! + 3
      if (bytes[other - 1] !== end - start) continue
      let same = 0
      while (start + same < end && bytes[other + same] === bytes[start + same]) same++
      if (start + same === end) return true
    }
    return false
  }

  /** Reads again what was copied. */
  #toStrings(): void {
    const reader = this.#reader
    if (this.#copied.length === 0 || reader === undefined) return
    const { position } = reader
    for (let i = 0; i < this.#copied.length; i++) {
      reader.position = this.#copied.words[i]!
      this.#addAsStrings(reader)
    }
    reader.position = position
    this.#copied.clear()
  }

  #addAsStrings(reader: ProtobufReader): void {
    const outer = reader.enter()
    if (reader.limit - reader.position > MAX_BYTES) reader.fail(`an attribute is larger than ${MAX_BYTES} bytes`)
    let key = ''
    let value = '{}'
    let plain: string | undefined
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 10) {
        const end = reader.sized()
        key = decodeText(reader.bytes, reader.start, end)
      } else if (tag === 18) {
        const before = reader.position
        this.#scan.clear()
        this.#scan.read(reader)
        plain = undefined
        if (this.#scan.type === STRING) {
          plain = decodeText(reader.bytes, this.#scan.first, this.#scan.second)
          value = JSON.stringify(plain)
        } else if (this.#scan.type === BOOL) value = String(this.#scan.first === 1)
        else value = reread(reader, before)
      } else reader.skip(tag)
    }
    reader.leave(outer)
    this.#values.delete(key)
    this.#values.set(key, value)
    if (plain === undefined) this.#strings.delete(key)
    else this.#strings.set(key, plain)
  }
}

const OPEN = 0x7b
const CLOSE = 0x7d
const QUOTE = 0x22
const COLON = 0x3a
const COMMA = 0x2c
const BACKSLASH = 0x5c

/** Whether the bytes are ASCII that stands in a JSON string as it is. */
function isBare(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte < 0x20 || byte > 0x7f || byte === QUOTE || byte === BACKSLASH) return false
  }
  return true
}

function reread(reader: ProtobufReader, fieldStart: number): string {
  reader.position = fieldStart
  const outer = reader.enter()
  const text = anyValueText(reader, 1)
  reader.leave(outer)
  return text
}
