// The fields of one span, found but not yet written: values where they are small, else where they lie in the body.
import { Buffer } from '../memory/buffer'
import { clearFields, Long, Range, Word } from '../protobuf/fields'
import { enter, longTag, messageEnd, sized, skip, varintValue } from '../protobuf/reader'
import { AttributeSet, SET_BYTES } from './attribute-set'
import { notePart } from './request-state'

const FIELD_BYTES: usize = 96
const fields: usize = memory.data(FIELD_BYTES, 16)
export const start = changetype<Long>(fields)
export const end = changetype<Long>(fields + 8)
export const traceId = changetype<Range>(fields + 16)
export const spanId = changetype<Range>(fields + 24)
export const parentId = changetype<Range>(fields + 32)
export const traceState = changetype<Range>(fields + 40)
export const name = changetype<Range>(fields + 48)
export const statusMessage = changetype<Range>(fields + 56)
export const kind = changetype<Word>(fields + 64)
export const status = changetype<Word>(fields + 68)
export const flags = changetype<Word>(fields + 72)
export const droppedAttributes = changetype<Word>(fields + 76)
export const droppedEvents = changetype<Word>(fields + 80)
export const droppedLinks = changetype<Word>(fields + 84)
/** Where the lengths of the event and link fields stand. */
export const events = changetype<Buffer>(memory.data(offsetof<Buffer>()))
export const links = changetype<Buffer>(memory.data(offsetof<Buffer>()))
export const attributes = changetype<AttributeSet>(memory.data(SET_BYTES))

/** Reads a Span message. */
export function scanSpan(from: usize, limit: usize): void {
  clearFields(fields, FIELD_BYTES)
  events.clear()
  links.clear()
  attributes.clearSet()
  let at = from
  while (at < limit) {
    let tag = <u32>load<u8>(at)
    if (tag < 0x80) at++
    else {
      at = longTag(at, limit)
      tag = <u32>varintValue
    }
    switch (tag) {
      case 74:
        at = attributes.add(at, limit)
        break
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
        at = parentId.read(at, limit)
        break
      case 42:
        at = name.read(at, limit)
        break
      case 48:
        at = kind.readEnum(at, limit)
        break
      case 57:
        at = start.readFixed(at, limit)
        break
      case 65:
        at = end.readFixed(at, limit)
        break
      case 80:
        at = droppedAttributes.read(at, limit)
        break
      case 90:
        notePart(events, at)
        at = sized(at, limit)
        break
      case 96:
        at = droppedEvents.read(at, limit)
        break
      case 106:
        notePart(links, at)
        at = sized(at, limit)
        break
      case 112:
        at = droppedLinks.read(at, limit)
        break
      case 122:
        at = readStatus(at, limit)
        break
      case 133:
        at = flags.readFixed(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
}

function readStatus(outer: usize, outerLimit: usize): usize {
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 18) at = statusMessage.read(at, limit)
    else if (tag === 24) at = status.readEnum(at, limit)
    else at = skip(tag, at, limit)
  }
  return limit
}
