import { BOOL_VALUE, DOUBLE_VALUE, INT_VALUE, STRING_VALUE } from '../any-value'
import { StringColumn } from '../columns/columns'
import { Buffer } from '../memory/buffer'
import { ByteDictionary, DICTIONARY_BYTES } from '../memory/byte-dictionary'
import { isSameRange } from '../memory/ranges'
import {
  ATTRIBUTE_TOO_LARGE,
  enter,
  fail,
  longTag,
  messageEnd,
  sized,
  sizedStart,
  skip,
  TOO_MANY_ATTRIBUTES_OF_PART,
  varintValue,
} from '../protobuf/reader'

import { plainKeyEnd, readPlain } from '../records/plain-attribute'
import { Value } from '../records/value-scan'
import { appendAnyValue, appendDoubleValue, appendIntValue } from './any-value-text'
import { appendLiteral, appendQuoted } from './write'

/** One attribute: where its text lies, from the start of `json`, and where its key and value lie in the body. */
@unmanaged
class Member {
  textStart: u32
  /** 0 when the key came again. */
  textEnd: u32
  keyStart: usize
  keyEnd: usize
  valueStart: usize
  valueEnd: usize
  isString: bool
}

const MEMBER_BYTES: usize = offsetof<Member>()
const members = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const json = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const joined = changetype<Buffer>(memory.data(offsetof<Buffer>()))
/** The text of a value that is neither string nor bool. */
const other = changetype<Buffer>(memory.data(offsetof<Buffer>()))
/** The keys as JSON strings, and for each the last member that has it. */
const keys = changetype<ByteDictionary>(memory.data(DICTIONARY_BYTES))
const lastOfKey = changetype<Buffer>(memory.data(offsetof<Buffer>()))
const value = changetype<Value>(memory.data(offsetof<Value>()))
let replaced = false
/** Of one attribute: a list of empty values becomes ten times as many bytes of JSON. */
const MAX_BYTES: usize = 4 * 1024 * 1024
/** Of one text: the smallest attribute takes two bytes of a body and twenty times as many here. */
const MAX_MEMBERS: u32 = 100_000

// Collects KeyValue fields into the text of one JSON object: `{"key":"string","key2":true,"key3":{"intValue":"1"}}`.

export function clearAttributesText(): void {
  if (members.length === 0) return
  members.clear()
  json.clear()
  keys.clearAll()
  lastOfKey.clear()
  replaced = false
}

/** Reads one KeyValue field. Of several with the same key the last counts. */
export function addToText(at: usize, limit: usize): usize {
  const end = readPlain(at, limit, value)
  if (end === 0) return addLong(at, limit)
  other.clear()
  if (value.type === INT_VALUE) appendIntValue(other, value.bits)
  else if (value.type === DOUBLE_VALUE) appendDoubleValue(other, value.bits)
  addMember(at + 3, plainKeyEnd)
  return end
}

function addLong(outer: usize, outerLimit: usize): usize {
  let keyStart: usize = 0
  let keyEnd: usize = 0
  value.set(0, 0)
  other.clear()
  appendLiteral(other, '{}')
  let at = enter(outer, outerLimit)
  const limit = messageEnd
  if (limit - at > MAX_BYTES) fail(ATTRIBUTE_TOO_LARGE, at, <u32>MAX_BYTES)
  while (at < limit) {
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if (tag === 10) {
      at = keyEnd = sized(at, limit)
      keyStart = sizedStart
    } else if (tag === 18) {
      const field = at
      value.set(0, 0)
      at = value.read(at, limit)
      if (value.type !== STRING_VALUE && value.type !== BOOL_VALUE) {
        other.clear()
        const start = enter(field, limit)
        appendAnyValue(other, start, messageEnd, 1)
      }
    } else at = skip(tag, at, limit)
  }
  addMember(keyStart, keyEnd)
  return limit
}

function addMember(keyStart: usize, keyEnd: usize): void {
  const place = <u32>members.length
  if (place >= MAX_MEMBERS * <u32>MEMBER_BYTES) fail(TOO_MANY_ATTRIBUTES_OF_PART, keyStart, MAX_MEMBERS)
  const start = <u32>json.length
  appendLiteral(json, start === 0 ? '{' : ',')
  appendQuoted(json, keyStart, keyEnd)
  const keyText = json.start + start + 1
  noteKey(keyText, json.position - keyText, place)
  appendLiteral(json, ':')
  if (value.type === STRING_VALUE) appendQuoted(json, value.start, value.end)
  else if (value.type === BOOL_VALUE) appendLiteral(json, value.bits === 0 ? 'false' : 'true')
  else json.append(other.start, other.length)
  members.reserve(MEMBER_BYTES)
  const member = changetype<Member>(members.position)
  members.position += MEMBER_BYTES
  member.textStart = start + 1
  member.textEnd = <u32>json.length
  member.keyStart = keyStart
  member.keyEnd = keyEnd
  member.isString = value.type === STRING_VALUE
  member.valueStart = value.start
  member.valueEnd = value.end
}

function noteKey(start: usize, count: usize, place: u32): void {
  const before = keys.size
  const index = keys.indexOf(start, count)
  if (index === before) {
    lastOfKey.push32(place)
    return
  }
  const last = lastOfKey.start + <usize>index * 4
  changetype<Member>(members.start + load<u32>(last)).textEnd = 0
  store<u32>(last, place)
  replaced = true
}

/** The text of all attributes; empty when there are none. Valid until the next is added. */
export function attributesText(): Buffer {
  if (members.length === 0) return json
  joined.clear()
  if (!replaced) {
    joined.append(json.start, json.length)
    appendLiteral(joined, '}')
    return joined
  }
  for (let at = members.start; at < members.position; at += MEMBER_BYTES) {
    const member = changetype<Member>(at)
    if (member.textEnd === 0) continue
    appendLiteral(joined, joined.length === 0 ? '{' : ',')
    joined.append(json.start + member.textStart, member.textEnd - member.textStart)
  }
  appendLiteral(joined, '}')
  return joined
}

export function appendAttributesText(column: StringColumn): void {
  column.appendText(attributesText())
}

/** Where the string value of a key lies. `start` and `end` 0 when it has none, or not a string. */
export function findString(key: usize, keyLength: usize, found: Value): void {
  found.set(0, 0)
  for (let at = members.start; at < members.position; at += MEMBER_BYTES) {
    const member = changetype<Member>(at)
    if (member.textEnd === 0 || !member.isString || member.keyEnd - member.keyStart !== keyLength) continue
    if (isSameRange(member.keyStart, key, keyLength)) found.setRange(STRING_VALUE, member.valueStart, member.valueEnd)
  }
}
