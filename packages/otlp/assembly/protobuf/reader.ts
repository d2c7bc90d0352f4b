// Reads protobuf bytes. Every function is given where it is and where the message around it ends, reads nothing that
// lies beyond, and answers where it is afterwards; all else it finds is left in a variable here, or in a field.
import { fail as hostFail } from '../host'

const MAX_GROUP_DEPTH: u32 = 100

// What can be wrong with a message; the texts are in `src/decoder/faults.ts`, in this order.
export const FIELD_NUMBER_ZERO = 0
export const NUMBER_CUT_OFF = 1
export const NUMBER_TOO_LONG = 2
export const FIELD_CUT_OFF = 3
export const MESSAGE_CUT_OFF = 4
export const BAD_WIRE_TYPE = 5
export const GROUPS_TOO_DEEP = 6
export const GROUP_CUT_OFF = 7
export const GROUP_NOT_BEGUN = 8
export const VALUES_TOO_DEEP = 9
export const TOO_MANY_ENTITY_REFS = 10
export const ATTRIBUTE_TOO_LARGE = 11
export const TOO_MANY_ATTRIBUTES_OF_PART = 12

/** The last varint. */
export let varintValue: u64 = 0
/** Where the last `sized` field starts. */
export let sizedStart: usize = 0
/** Where the message ends that was entered last. */
export let messageEnd: usize = 0
/** Where the body starts that is being read. */
let bodyStart: usize = 0

export function openBody(start: usize): void {
  bodyStart = start
}

/** Throws DecodeError. */
export function fail(fault: i32, at: usize, detail: u32 = 0): void {
  hostFail(fault, at - bodyStart, detail)
  unreachable()
}

/** Reads a varint of any length into `varintValue`. */
export function varint(start: usize, limit: usize): usize {
  let value: u64 = 0
  let at = start
  for (let shift: u64 = 0; shift < 70; shift += 7) {
    if (at >= limit) fail(NUMBER_CUT_OFF, at)
    const byte = <u64>load<u8>(at++)
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      varintValue = value
      return at
    }
  }
  fail(NUMBER_TOO_LONG, at)
  return at
}

/** Reads a field's number << 3 | wire type, of more than one byte, into `varintValue`. */
export function longTag(at: usize, limit: usize): usize {
  const next = varint(at, limit)
  if (<u32>varintValue >> 3 === 0) fail(FIELD_NUMBER_ZERO, next)
  return next
}

/** Passes over a string or bytes field, which lies from `sizedStart` to the answer. */
export function sized(at: usize, limit: usize): usize {
  const end = at + 1 + load<u8>(at)
  if (load<i8>(at) < 0 || end > limit) return longSized(at, limit)
  sizedStart = at + 1
  return end
}

export function longSized(at: usize, limit: usize): usize {
  const start = varint(at, limit)
  const count = <u32>varintValue
  if (count > limit - start) fail(FIELD_CUT_OFF, start)
  sizedStart = start
  return start + count
}

/** Goes into a nested message, which lies from the answer to `messageEnd`. */
export function enter(at: usize, limit: usize): usize {
  const end = at + 1 + load<u8>(at)
  if (load<i8>(at) < 0 || end > limit) return longEnter(at, limit)
  messageEnd = end
  return at + 1
}

function longEnter(at: usize, limit: usize): usize {
  const start = varint(at, limit)
  const count = <u32>varintValue
  if (count > limit - start) fail(MESSAGE_CUT_OFF, start)
  messageEnd = start + count
  return start
}

/** Passes over so many bytes. */
export function take(at: usize, limit: usize, count: usize): usize {
  if (count > limit - at) fail(FIELD_CUT_OFF, at)
  return at + count
}

/** Passes over a field that is not known, behind its tag. */
export function skip(tag: u32, at: usize, limit: usize): usize {
  if (tag >> 3 === 0) fail(FIELD_NUMBER_ZERO, at)
  return skipField(tag, at, limit, 0)
}

function skipField(tag: u32, at: usize, limit: usize, depth: u32): usize {
  switch (tag & 7) {
    case 0:
      return varint(at, limit)
    case 1:
      return take(at, limit, 8)
    case 2:
      return longSized(at, limit)
    case 3:
      return skipGroup(tag >> 3, at, limit, depth)
    case 5:
      return take(at, limit, 4)
    default:
      fail(BAD_WIRE_TYPE, at, tag & 7)
      return at
  }
}

function skipGroup(number: u32, start: usize, limit: usize, depth: u32): usize {
  if (depth >= MAX_GROUP_DEPTH) fail(GROUPS_TOO_DEEP, start)
  let at = start
  while (true) {
    if (at >= limit) fail(GROUP_CUT_OFF, at)
    at = longTag(at, limit)
    const tag = <u32>varintValue
    if ((tag & 7) !== 4) at = skipField(tag, at, limit, depth + 1)
    else if (tag >> 3 === number) return at
    else fail(GROUP_NOT_BEGUN, at)
  }
}
