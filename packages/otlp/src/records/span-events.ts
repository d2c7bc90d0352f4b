import type { Builders } from '../native/block.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { decodeText } from '../text.ts'
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
    this.#columns['events.attributes'].elements.appendText(this.#attributes.text())
    this.#columns['events.dropped_attributes'].elements.append(dropped)
    if (nameEnd - nameStart === 9 && decodeText(reader.bytes, nameStart, nameEnd) === 'exception') this.#exception()
  }

  endRow(): void {
    this.#columns['events.time'].endRow()
    this.#columns['events.name'].endRow()
    this.#columns['events.attributes'].endRow()
    this.#columns['events.dropped_attributes'].endRow()
  }

  #exception(): void {
    const { strings } = this.#attributes
    this.hasException = true
    this.exceptionType = strings.get('exception.type') ?? ''
    this.exceptionMessage = strings.get('exception.message') ?? ''
    this.exceptionStack = strings.get('exception.stacktrace') ?? ''
  }
}
