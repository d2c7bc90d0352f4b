import { ABSENT, BOOL, DOUBLE, INT, STRING } from '../any-value.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'

const KEY = 10
const VALUE = 18
const STRING_VALUE = 10
const BOOL_VALUE = 16
const INT_VALUE = 24
const DOUBLE_VALUE = 33
const MAX_INT_BYTES = 4

/**
 * A KeyValue field as exporters write nearly all of them: the key, then a value of one scalar, and every length in one
 * byte. Where all lengths fit into each other exactly, nothing more has to be checked.
 */
export class PlainAttribute {
  keyStart = 0
  keyEnd = 0
  type = ABSENT
  /** As in `ValueScan`. */
  first = 0
  second = 0

  /** Reads the field if it is of that form; else answers false and leaves the reader where it was. */
  read(reader: ProtobufReader): boolean {
    const { bytes, position, limit } = reader
    if (position + 5 > limit) return false
    const length = bytes[position]!
    const end = position + 1 + length
    if (length > 0x7f || end > limit || bytes[position + 1] !== KEY) return false
    const keyLength = bytes[position + 2]!
    const keyEnd = position + 3 + keyLength
    if (keyLength > 0x7f || keyEnd + 4 > end || bytes[keyEnd] !== VALUE) return false
    if (keyEnd + 2 + bytes[keyEnd + 1]! !== end) return false
    if (!this.#readValue(reader, bytes, keyEnd + 2, end)) return false
    this.keyStart = position + 3
    this.keyEnd = keyEnd
    reader.position = end
    return true
  }

  #readValue(reader: ProtobufReader, bytes: Uint8Array, tag: number, end: number): boolean {
    const start = tag + 1
    switch (bytes[tag]) {
      case STRING_VALUE:
        if (start + 1 + bytes[start]! !== end) return false
        return this.#found(STRING, start + 1, end)
      case INT_VALUE:
        return this.#readInt(bytes, start, end)
      case DOUBLE_VALUE:
        if (end - start !== 8) return false
        return this.#found(DOUBLE, reader.wordAt(start), reader.wordAt(start + 4))
      case BOOL_VALUE:
        if (end - start !== 1 || bytes[start]! > 0x7f) return false
        return this.#found(BOOL, bytes[start] === 0 ? 0 : 1, 0)
      default:
        return false
    }
  }

  #readInt(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start > MAX_INT_BYTES) return false
    let value = 0
    for (let at = start, shift = 0; at < end; at++, shift += 7) {
      const byte = bytes[at]!
      // The last byte, and only it, has no continuation bit.
      if (byte > 0x7f !== at + 1 < end) return false
      value |= (byte & 0x7f) << shift
    }
    return this.#found(INT, value, 0)
  }

  #found(type: number, first: number, second: number): true {
    this.type = type
    this.first = first
    this.second = second
    return true
  }
}
