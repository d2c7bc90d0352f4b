import { BOOL_VALUE, DOUBLE_VALUE, INT_VALUE, STRING_VALUE } from '../any-value'
import { MapColumn } from '../columns/columns'
import { keyAt, keyEnd, keyIndex, keyStart } from '../columns/keys'
import { Hash64, stringAttributeHash } from '../hash'
import { reject } from '../host'
import { Buffer } from '../memory/buffer'
import { enter, longTag, messageEnd, sized, sizedStart, skip, varintValue } from '../protobuf/reader'
import { KEY_REFUSED, KEY_TOO_LONG, SESSION_ID, URL_FULL } from '../semantic-conventions'
import { valueText } from '../text/any-value-text'
import { plainKeyEnd, readPlain } from './plain-attribute'
import {
  ATTRIBUTE_KEY_LIMIT,
  ATTRIBUTE_KEY_TOO_LONG,
  ATTRIBUTE_VALUE_TOO_LONG,
  NO_FAULT,
  TOO_MANY_ATTRIBUTES,
} from './rejection-reasons'
import { Value } from './value-scan'

const REPLACED: u32 = 0xffff_ffff
const VALUE_BYTES: usize = offsetof<Value>()
const MOST_ROLES: usize = 16

let sets: u32 = 0
let maxPerRecord: u32 = u32.MAX_VALUE
/** Bytes of a value, and of a log's body. */
export let maxValueBytes: usize = u32.MAX_VALUE
const hash = changetype<Hash64>(memory.data(offsetof<Hash64>()))

/** What attributes may be, see `attribute-limits.ts`. */
export function limitAttributes(perRecord: u32, valueBytes: u32): void {
  maxPerRecord = perRecord
  maxValueBytes = valueBytes
}

/** To be called when the keys have been forgotten: sets are numbered by batch. */
export function forgetSets(): void {
  sets = 0
}

/** The attributes of one record, as a list of values: read first, written when the record is known to be good. */
@unmanaged
export class AttributeSet extends Buffer {
  private number: u32
  /** Where the last value lies that is larger than the limit, plus one; 0 for none. */
  private large: u32

  clearSet(): void {
    this.clear()
    this.large = 0
    this.number = ++sets
    const roles = this.roles
    for (let at: usize = 0; at < MOST_ROLES * 4; at += 16) v128.store(roles + at, i64x2(0, 0))
  }

  /** The last attribute with a role if it is of this type, else null. */
  @inline
  ofRole(role: u32, type: u32): usize {
    const offset = load<u32>(this.roles + <usize>role * 4)
    if (offset === 0) return 0
    const value = changetype<Value>(this.start + offset - 1)
    return value.type === type ? changetype<usize>(value) : 0
  }

  /** What makes the record be rejected for its attributes, if anything. */
  get fault(): i32 {
    if (this.size > maxPerRecord) return TOO_MANY_ATTRIBUTES
    if (this.offsetOf(KEY_TOO_LONG) !== 0) return ATTRIBUTE_KEY_TOO_LONG
    if (this.offsetOf(KEY_REFUSED) !== 0) return ATTRIBUTE_KEY_LIMIT
    return this.large !== 0 ? ATTRIBUTE_VALUE_TOO_LONG : NO_FAULT
  }

  /** Rejects an item, which the range names, for a fault; and names the attribute that it is about, if there is one. */
  reject(fault: i32, start: usize, end: usize): void {
    const offset = this.culprit(fault)
    const key = offset === 0 ? REPLACED : changetype<Value>(this.start + offset - 1).key
    if (key === REPLACED) reject(fault, start, end, 0, 0)
    else reject(fault, start, end, keyStart(key), keyEnd(key))
  }

  private culprit(fault: i32): u32 {
    if (fault === ATTRIBUTE_KEY_TOO_LONG) return this.offsetOf(KEY_TOO_LONG)
    if (fault === ATTRIBUTE_KEY_LIMIT) return this.offsetOf(KEY_REFUSED)
    return fault === ATTRIBUTE_VALUE_TOO_LONG ? this.large : 0
  }

  @inline
  private get size(): u32 {
    return <u32>(this.length / VALUE_BYTES)
  }

  @inline
  private offsetOf(role: u32): u32 {
    return load<u32>(this.roles + <usize>role * 4)
  }

  /** Reads one KeyValue field. Of several with the same key the last counts, whatever their types. */
  add(at: usize, limit: usize): usize {
    if (this.limit - this.position < VALUE_BYTES) this.makeRoom()
    const value = changetype<Value>(this.position)
    const end = readPlain(at, limit, value)
    if (end === 0) return this.addLong(at, limit, value)
    this.put(at + 3, plainKeyEnd - at - 3, value)
    return end
  }

  /** Where the record is rejected for the number of its attributes anyway, the next is written in place of the last. */
  private makeRoom(): void {
    if (this.size > maxPerRecord) this.position -= VALUE_BYTES
    else this.reserve(VALUE_BYTES)
  }

  private addLong(outer: usize, outerLimit: usize, value: Value): usize {
    let start: usize = 0
    let end: usize = 0
    value.set(0, 0)
    let at = enter(outer, outerLimit)
    const limit = messageEnd
    while (at < limit) {
      at = longTag(at, limit)
      const tag = <u32>varintValue
      if (tag === 10) {
        at = end = sized(at, limit)
        start = sizedStart
      } else if (tag === 18) at = value.read(at, limit)
      else at = skip(tag, at, limit)
    }
    this.put(start, end - start, value)
    if (value.bytes > maxValueBytes) this.large = <u32>(changetype<usize>(value) - this.start) + 1
    return limit
  }

  @inline
  private put(start: usize, count: usize, value: Value): void {
    const place = changetype<usize>(value) - this.start
    const before = place === 0 ? REPLACED : changetype<Value>(changetype<usize>(value) - VALUE_BYTES).key
    const index = keyIndex(start, count, before + 1)
    const key = keyAt(index)
    value.key = index
    if (key.set === this.number) changetype<Value>(this.start + key.place).key = REPLACED
    key.set = this.number
    key.place = <u32>place
    if (key.role !== 0) store<u32>(this.roles + <usize>key.role * 4, <u32>place + 1)
    this.position += VALUE_BYTES
  }

  /** Writes a row of each map. `moving` leaves out the strings that have columns of their own. */
  write(
    strings: MapColumn,
    ints: MapColumn,
    doubles: MapColumn,
    bools: MapColumn,
    others: MapColumn,
    moving: bool,
  ): void {
    for (let at = this.start, end = this.position; at < end; at += VALUE_BYTES) {
      const value = changetype<Value>(at)
      const key = value.key
      if (key === REPLACED) continue
      switch (value.type) {
        case STRING_VALUE:
          if (moving && isMoved(key)) break
          strings.appendKey(key)
          strings.values.appendString(value.start, value.end - value.start)
          break
        case INT_VALUE:
          ints.appendKey(key)
          ints.values.push64(value.bits)
          break
        case DOUBLE_VALUE:
          doubles.appendKey(key)
          doubles.values.push64(value.bits)
          break
        case BOOL_VALUE:
          bools.appendKey(key)
          bools.values.push8(<u32>value.bits)
          break
        default:
          others.appendKey(key)
          others.values.appendText(valueText(value.type, value.start, value.end))
      }
    }
    strings.endRow()
    ints.endRow()
    doubles.endRow()
    bools.endRow()
    others.endRow()
  }

  /** Adds the attributes to a hash, the same whatever their order. */
  addTo(total: Hash64): void {
    let low: u32 = 0
    let high: u32 = 0
    for (let at = this.start, end = this.position; at < end; at += VALUE_BYTES) {
      const value = changetype<Value>(at)
      if (value.key === REPLACED) continue
      const one = hashOf(value)
      low += <u32>one
      high += <u32>(one >> 32)
    }
    total.word(low).word(high)
  }

  /** By role: where its last attribute lies, plus one; 0 for none. */
  @inline
  private get roles(): usize {
    return changetype<usize>(this) + offsetof<AttributeSet>()
  }
}

/** Static memory that a set takes. */
export const SET_BYTES: usize = offsetof<AttributeSet>() + MOST_ROLES * 4

function hashOf(value: Value): u64 {
  const type = value.type
  const key = keyAt(value.key).hash
  if (type === STRING_VALUE) return stringAttributeHash(type, key, value.start, value.end)
  hash.begin(type).pair(key)
  if (type === INT_VALUE || type === DOUBLE_VALUE || type === BOOL_VALUE) hash.pair(value.bits)
  else {
    const text = valueText(type, value.start, value.end)
    hash.bytes(text.start, text.position)
  }
  return hash.finish()
}

function isMoved(key: u32): bool {
  const role = keyAt(key).role
  return role >= URL_FULL && role <= SESSION_ID
}
