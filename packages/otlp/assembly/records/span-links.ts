import { spans as columns } from '../generated/tables'
import { clearFields, Range, Word } from '../protobuf/fields'
import { enter, longTag, messageEnd, skip, varintValue } from '../protobuf/reader'
import { addToText, appendAttributesText, clearAttributesText } from '../text/attributes-text'

const FIELD_BYTES: usize = 32
const fields: usize = memory.data(FIELD_BYTES, 8)
const traceId = changetype<Range>(fields)
const spanId = changetype<Range>(fields + 8)
const traceState = changetype<Range>(fields + 16)
const dropped = changetype<Word>(fields + 24)
const flags = changetype<Word>(fields + 28)

/** Reads and writes one Link field: an element of each `links.*` column. An id of the wrong length is kept as none. */
export function writeLink(outer: usize, outerLimit: usize): void {
  clearFields(fields, FIELD_BYTES)
  clearAttributesText()
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    switch (tag) {
      case 10:
        at = traceId.read(at, limit)
        break
      case 18:
        at = spanId.read(at, limit)
        break
      case 26:
        at = traceState.read(at, limit)
        break
      case 34:
        at = addToText(at, limit)
        break
      case 40:
        at = dropped.read(at, limit)
        break
      case 53:
        at = flags.readFixed(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
  columns.linksTraceId.elements.appendId(traceId.start, traceId.length)
  columns.linksSpanId.elements.appendId(spanId.start, spanId.length)
  columns.linksTraceState.elements.appendString(traceState.start, traceState.length)
  columns.linksFlags.elements.push32(flags.value)
  appendAttributesText(columns.linksAttributes.elements)
  columns.linksDroppedAttributes.elements.push32(dropped.value)
}

/** Ends the row of a span that had `count` links. */
export function endLinksRow(count: u32): void {
  columns.linksTraceId.endRow(count)
  columns.linksSpanId.endRow(count)
  columns.linksTraceState.endRow(count)
  columns.linksFlags.endRow(count)
  columns.linksAttributes.endRow(count)
  columns.linksDroppedAttributes.endRow(count)
}
