import type { Builders } from '../native/block.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { AttributesText } from './attributes-text.ts'

/** Writes the links of a span, one array row of each `links.*` column. */
export class SpanLinks {
  readonly #columns: Builders<'spans'>
  readonly #attributes = new AttributesText()

  constructor(columns: Builders<'spans'>) {
    this.#columns = columns
  }

  /** Reads and writes one Link field. An id of the wrong length is kept as none. */
  write(reader: ProtobufReader): void {
    const columns = this.#columns
    let traceIdStart = 0
    let traceIdEnd = 0
    let spanIdStart = 0
    let spanIdEnd = 0
    let stateStart = 0
    let stateEnd = 0
    let dropped = 0
    let flags = 0
    this.#attributes.clear()
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      switch (tag) {
        case 10:
          traceIdEnd = reader.sized()
          traceIdStart = reader.start
          break
        case 18:
          spanIdEnd = reader.sized()
          spanIdStart = reader.start
          break
        case 26:
          stateEnd = reader.sized()
          stateStart = reader.start
          break
        case 34:
          this.#attributes.add(reader)
          break
        case 40:
          dropped = reader.varint32()
          break
        case 53:
          flags = reader.fixed32()
          break
        default:
          reader.skip(tag)
      }
    }
    reader.leave(outer)
    columns['links.trace_id'].elements.append(reader.bytes, traceIdStart, traceIdEnd)
    columns['links.span_id'].elements.append(reader.bytes, spanIdStart, spanIdEnd)
    columns['links.trace_state'].elements.append(reader.bytes, stateStart, stateEnd)
    columns['links.flags'].elements.append(flags)
    this.#attributes.appendTo(columns['links.attributes'].elements)
    columns['links.dropped_attributes'].elements.append(dropped)
  }

  /** Ends the row of a span that had `count` links. */
  endRow(count: number): void {
    this.#columns['links.trace_id'].endRow(count)
    this.#columns['links.span_id'].endRow(count)
    this.#columns['links.trace_state'].endRow(count)
    this.#columns['links.flags'].endRow(count)
    this.#columns['links.attributes'].endRow(count)
    this.#columns['links.dropped_attributes'].endRow(count)
  }
}
