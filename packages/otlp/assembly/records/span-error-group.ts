import { STRING_VALUE } from '../any-value'
import { errorGroup } from '../host'
import { Buffer } from '../memory/buffer'
import { ByteDictionary, DICTIONARY_BYTES } from '../memory/byte-dictionary'
import { Range } from '../protobuf/fields'
import { ERROR_TYPE } from '../semantic-conventions'
import { service } from './resource-rows'
import { exceptionMessage, exceptionStack, exceptionType, hasException } from './span-events'
import { attributes, name, statusMessage } from './span-scan'
import { Value } from './value-scan'

const MAX_KNOWN: u32 = 1024
const MAX_KNOWN_BYTES: usize = 256 * 1024

// Groups of errors without an exception are kept, over batches too: such errors repeat byte for byte, and to work out a
// group takes longer than to write a span.
const known = changetype<ByteDictionary>(memory.data(DICTIONARY_BYTES))
const groups = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const facts = changetype<Buffer>(memory.data(offsetof<Buffer>()))

/** The ranges that `errorGroup` is given: service, type, message, stack, operation. */
const ranges: usize = memory.data(40)
const answer: usize = memory.data(8, 8)
const errorType = changetype<Range>(memory.data(offsetof<Range>()))

/** The group of a span that failed or has an exception; to be called when its events have been written. */
export function spanErrorGroup(): u64 {
  errorType.start = errorType.end = 0
  const typed = attributes.ofRole(ERROR_TYPE, STRING_VALUE)
  if (typed !== 0) setRange(errorType, changetype<Value>(typed))
  if (hasException) return compute()
  facts.clear()
  appendRange(service)
  appendRange(errorType)
  appendRange(statusMessage)
  appendRange(name)
  if (known.size >= MAX_KNOWN || known.length > MAX_KNOWN_BYTES) {
    known.clearAll()
    groups.clear()
  }
  const before = known.size
  const index = known.indexOf(facts.start, facts.length)
  if (index === before) groups.push64(compute())
  return load<u64>(groups.start + <usize>index * 8)
}

function compute(): u64 {
  put(0, service.start, service.end)
  put(1, errorType.start, errorType.end)
  put(2, statusMessage.start, statusMessage.end)
  put(3, 0, 0)
  put(4, name.start, name.end)
  if (hasException) {
    if (exceptionType.end > exceptionType.start) put(1, exceptionType.start, exceptionType.end)
    if (exceptionMessage.end > exceptionMessage.start) put(2, exceptionMessage.start, exceptionMessage.end)
    put(3, exceptionStack.start, exceptionStack.end)
  }
  errorGroup(ranges, answer)
  return load<u64>(answer)
}

function put(fact: usize, start: usize, end: usize): void {
  const range = changetype<Range>(ranges + fact * offsetof<Range>())
  range.start = start
  range.end = end
}

function setRange(range: Range, value: Value): void {
  range.start = value.start
  range.end = value.end
}

function appendRange(range: Range): void {
  facts.appendSized(range.start, range.length)
}
