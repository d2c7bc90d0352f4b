// The fields of one log record, found but not yet written.
import { clearFields, Long, Range, Word } from '../protobuf/fields'
import { longTag, skip, varintValue } from '../protobuf/reader'
import { AttributeSet, SET_BYTES } from './attribute-set'
import { Value } from './value-scan'

const FIELD_BYTES: usize = 80
const fields: usize = memory.data(FIELD_BYTES, 16)
export const time = changetype<Long>(fields)
export const observed = changetype<Long>(fields + 8)
export const body = changetype<Value>(fields + 16)
export const severityText = changetype<Range>(fields + 32)
export const traceId = changetype<Range>(fields + 40)
export const spanId = changetype<Range>(fields + 48)
export const eventName = changetype<Range>(fields + 56)
export const severity = changetype<Word>(fields + 64)
export const flags = changetype<Word>(fields + 68)
export const droppedAttributes = changetype<Word>(fields + 72)
export const attributes = changetype<AttributeSet>(memory.data(SET_BYTES))

/** Reads a LogRecord message. */
export function scanLog(from: usize, limit: usize): void {
  clearFields(fields, FIELD_BYTES)
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
      case 50:
        at = attributes.add(at, limit)
        break
      case 9:
        at = time.readFixed(at, limit)
        break
      case 16:
        at = severity.readEnum(at, limit)
        break
      case 26:
        at = severityText.read(at, limit)
        break
      case 42:
        at = body.read(at, limit)
        break
      case 56:
        at = droppedAttributes.read(at, limit)
        break
      case 69:
        at = flags.readFixed(at, limit)
        break
      case 74:
        at = traceId.read(at, limit)
        break
      case 82:
        at = spanId.read(at, limit)
        break
      case 89:
        at = observed.readFixed(at, limit)
        break
      case 98:
        at = eventName.read(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
}
