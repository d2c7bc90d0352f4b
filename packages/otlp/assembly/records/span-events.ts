import { spans as columns } from '../generated/tables'
import { isSameRange } from '../memory/ranges'
import { clearFields, Long, Range, Word } from '../protobuf/fields'
import { enter, longTag, messageEnd, skip, varintValue } from '../protobuf/reader'
import { addToText, appendAttributesText, clearAttributesText, findString } from '../text/attributes-text'
import { Value } from './value-scan'

const FIELD_BYTES: usize = 32
const fields: usize = memory.data(FIELD_BYTES, 8)
const time = changetype<Long>(fields)
const name = changetype<Range>(fields + 8)
const dropped = changetype<Word>(fields + 16)

// `exception`, `exception.type`, `exception.message`, `exception.stacktrace`: the first is what all begin with.
const exception: usize = memory.data<u8>([101, 120, 99, 101, 112, 116, 105, 111, 110])
const typeKey: usize = memory.data<u8>([101, 120, 99, 101, 112, 116, 105, 111, 110, 46, 116, 121, 112, 101])
const messageKey: usize = memory.data<u8>([
  101, 120, 99, 101, 112, 116, 105, 111, 110, 46, 109, 101, 115, 115, 97, 103, 101,
])
const stackKey: usize = memory.data<u8>([
  101, 120, 99, 101, 112, 116, 105, 111, 110, 46, 115, 116, 97, 99, 107, 116, 114, 97, 99, 101,
])
const EXCEPTION_LENGTH: usize = 9

/** Whether the span had an `exception` event, and what the last one says. */
export let hasException = false
export const exceptionType = changetype<Value>(memory.data(offsetof<Value>()))
export const exceptionMessage = changetype<Value>(memory.data(offsetof<Value>()))
export const exceptionStack = changetype<Value>(memory.data(offsetof<Value>()))

/** To be called before the events of a span are written. */
export function beginEvents(): void {
  hasException = false
}

/** Reads and writes one Event field: an element of each `events.*` column. */
export function writeEvent(outer: usize, outerLimit: usize): void {
  clearFields(fields, FIELD_BYTES)
  clearAttributesText()
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    switch (tag) {
      case 9:
        at = time.readFixed(at, limit)
        break
      case 18:
        at = name.read(at, limit)
        break
      case 26:
        at = addToText(at, limit)
        break
      case 32:
        at = dropped.read(at, limit)
        break
      default:
        at = skip(tag, at, limit)
    }
  }
  time.clamp()
  columns.eventsTime.elements.push64(time.value)
  columns.eventsName.elements.appendString(name.start, name.length)
  appendAttributesText(columns.eventsAttributes.elements)
  columns.eventsDroppedAttributes.elements.push32(dropped.value)
  if (name.length === EXCEPTION_LENGTH && isSameRange(name.start, exception, EXCEPTION_LENGTH)) foundException()
}

/** Ends the row of a span that had `count` events. */
export function endEventsRow(count: u32): void {
  columns.eventsTime.endRow(count)
  columns.eventsName.endRow(count)
  columns.eventsAttributes.endRow(count)
  columns.eventsDroppedAttributes.endRow(count)
}

function foundException(): void {
  hasException = true
  findString(typeKey, EXCEPTION_LENGTH + 5, exceptionType)
  findString(messageKey, EXCEPTION_LENGTH + 8, exceptionMessage)
  findString(stackKey, EXCEPTION_LENGTH + 11, exceptionStack)
}
