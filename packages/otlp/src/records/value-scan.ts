import { ABSENT, ARRAY, BOOL, BYTES, DOUBLE, INT, KVLIST, STRING } from '../any-value.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { arrayText, bytesText, kvlistText } from './any-value-text.ts'

/** One AnyValue: its variant, and its value as two words or as a range of the body. */
export class ValueScan {
  type = ABSENT
  /** Start of the range (string, bytes, array, kvlist), or the low word (bool, int, double). */
  first = 0
  /** End of the range, or the high word. */
  second = 0

  clear(): void {
    this.type = ABSENT
    this.first = 0
    this.second = 0
  }

  /** Of a string, bytes, array or kvlist as it was sent; 0 for everything else. */
  get bytes(): number {
    return this.type === STRING || this.type >= ARRAY ? this.second - this.first : 0
  }

  /** Reads an AnyValue field. Of several variants the last one counts, as the oneof says. */
  read(reader: ProtobufReader): void {
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 10:
          this.#range(STRING, reader)
          break
        case 16:
          reader.varint64()
          this.type = BOOL
          this.first = (reader.low | reader.high) === 0 ? 0 : 1
          this.second = 0
          break
        case 24:
          reader.varint64()
          this.#words(INT, reader)
          break
        case 33:
          reader.fixed64()
          this.#words(DOUBLE, reader)
          break
        case 42:
          this.#range(ARRAY, reader)
          break
        case 50:
          this.#range(KVLIST, reader)
          break
        case 58:
          this.#range(BYTES, reader)
          break
        case 64:
          // An index into the string table of the profiles signal; there is no such table here.
          reader.varint64()
          this.clear()
          break
        default:
          reader.skip(tag)
      }
    }
    reader.leave(outer)
  }

  #range(type: number, reader: ProtobufReader): void {
    this.second = reader.sized()
    this.first = reader.start
    this.type = type
  }

  #words(type: number, reader: ProtobufReader): void {
    this.type = type
    this.first = reader.low
    this.second = reader.high
  }
}

/** The OTLP/JSON text of a value that has no column type of its own: array, kvlist, bytes, or nothing (`{}`). */
export function otherValueText(reader: ProtobufReader, type: number, start: number, end: number): string {
  if (type === BYTES) return bytesText(reader.bytes, start, end)
  if (type !== ARRAY && type !== KVLIST) return '{}'
  return within(reader, start, end, () => (type === ARRAY ? arrayText(reader, 1) : kvlistText(reader, 1)))
}

/** Reads a range of the body, then puts the reader back where it was. */
export function within<Result>(reader: ProtobufReader, start: number, end: number, read: () => Result): Result {
  const { position, limit } = reader
  reader.position = start
  reader.limit = end
  const result = read()
  reader.position = position
  reader.limit = limit
  return result
}
