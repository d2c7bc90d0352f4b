import type { Builders } from '../native/block.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { AttributesText } from './attributes-text.ts'
import { Time } from './time.ts'

/** Writes the events of a span, one array row of each `events.*` column. */
export class SpanEvents {
  /** Whether the span had an `exception` event, and what the last one says. */
  hasException = false
  exceptionType = ''
  exceptionMessage = ''
  exceptionStack = ''
  readonly #columns: Builders<'spans'>
  readonly #attributes = new AttributesText()
  readonly #time = new Time()

  constructor(columns: Builders<'spans'>) {
    this.#columns = columns
  }

  begin(): void {
    this.hasException = false
    this.exceptionType = ''
    this.exceptionMessage = ''
    this.exceptionStack = ''
  }

  /** Reads and writes one Event field. */
  write(reader: ProtobufReader): void {
    let nameStart = 0
    let nameEnd = 0
    let dropped = 0
    this.#attributes.clear()
    this.#time.clear()
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 9:
          this.#time.read(reader)
          break
        case 18:
          nameEnd = reader.sized()
          nameStart = reader.start
          break
        case 26:
          this.#attributes.add(reader)
          break
        case 32:
          dropped = reader.varint32()
          break
        default:
          reader.skip(tag)
      }
    }
    reader.leave(outer)
    this.#time.clamp()
    this.#columns['events.time'].elements.append(this.#time.low, this.#time.high)
    this.#columns['events.name'].elements.append(reader.bytes, nameStart, nameEnd)
    this.#attributes.appendTo(this.#columns['events.attributes'].elements)
    this.#columns['events.dropped_attributes'].elements.append(dropped)
    if (nameEnd - nameStart === exception.length && isException(reader.bytes, nameStart)) this.#exception()
  }

  /** Ends the row of a span that had `count` events. */
  endRow(count: number): void {
    this.#columns['events.time'].endRow(count)
    this.#columns['events.name'].endRow(count)
    this.#columns['events.attributes'].endRow(count)
    this.#columns['events.dropped_attributes'].endRow(count)
  }

  #exception(): void {
    const attributes = this.#attributes
    this.hasException = true
    this.exceptionType = attributes.string('exception.type')
    this.exceptionMessage = attributes.string('exception.message')
    this.exceptionStack = attributes.string('exception.stacktrace')
  }
}

const exception = new TextEncoder().encode('exception')

function isException(bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < exception.length; i++) if (bytes[start + i] !== exception[i]) return false
  return true
}
