import { ABSENT, BOOL, DOUBLE, INT, STRING } from '../any-value.ts'
import { Hash64 } from '../hash.ts'
import type { Column8, Column64 } from '../native/fixed-width-columns.ts'
import type { KeyDictionary } from '../native/key-dictionary.ts'
import type { MapColumn } from '../native/map-column.ts'
import type { StringColumn } from '../native/string-columns.ts'
import type { ProtobufReader } from '../protobuf/reader.ts'
import { KEY_REFUSED, KEY_TOO_LONG, NO_ROLE, ROLE_COUNT, SESSION_ID, URL_FULL } from '../semantic-conventions.ts'
import { PlainAttribute } from './plain-attribute.ts'
import type { RejectionReason } from './rejections.ts'
import type { RequestState } from './request-state.ts'
import { otherValueText, ValueScan } from './value-scan.ts'

/** The five maps that every record with attributes has, one a type. */
export interface AttributeMaps {
  readonly attr_s: MapColumn<StringColumn>
  readonly attr_i: MapColumn<Column64>
  readonly attr_f: MapColumn<Column64>
  readonly attr_b: MapColumn<Column8>
  readonly attr_x: MapColumn<StringColumn>
}

const REPLACED = -1
const INITIAL_ATTRIBUTES = 128
/** Of a key, in a message. */
const MAX_KEY = 60

/** The attributes of one record: read first, written when the record is known to be good. */
export class AttributeSet {
  readonly #state: RequestState
  readonly #keys: KeyDictionary
  /** Index of the last attribute with a role, -1 for none. */
  readonly byRole = new Int32Array(ROLE_COUNT)
  #size = 0
  /** The last value that is larger than the limit, -1 for none. */
  #large = -1
  #key = new Int32Array(INITIAL_ATTRIBUTES)
  #type = new Int32Array(INITIAL_ATTRIBUTES)
  #first = new Int32Array(INITIAL_ATTRIBUTES)
  #second = new Int32Array(INITIAL_ATTRIBUTES)
  /** Where a key stands in this set: valid where that entry's key is the same, so it needs no clearing. */
  #place = new Int32Array(INITIAL_ATTRIBUTES)
  readonly #plain = new PlainAttribute()
  readonly #scan = new ValueScan()
  readonly #hash = new Hash64()

  constructor(state: RequestState) {
    this.#state = state
    this.#keys = state.keys
  }

  clear(): void {
    this.#size = 0
    this.#large = -1
    // A loop: for so few, calling `fill` takes longer.
    for (let role = 0; role < ROLE_COUNT; role++) this.byRole[role] = -1
  }

  type(index: number): number {
    return index < 0 ? ABSENT : this.#type[index]!
  }

  first(index: number): number {
    return this.#first[index]!
  }

  second(index: number): number {
    return this.#second[index]!
  }

  /** What makes the record be rejected for its attributes, if anything. */
  get fault(): RejectionReason | undefined {
    if (this.#size > this.#state.mostAttributes.perRecord) return 'too_many_attributes'
    if (this.byRole[KEY_TOO_LONG]! >= 0) return 'attribute_key_too_long'
    if (this.byRole[KEY_REFUSED]! >= 0) return 'attribute_key_limit'
    return this.#large >= 0 ? 'attribute_value_too_long' : undefined
  }

  /** The attribute that `fault` is about, for a person to find it by; empty when it is about none. */
  faultText(): string {
    const index = Math.max(this.byRole[KEY_TOO_LONG]!, this.byRole[KEY_REFUSED]!, this.#large)
    if (index < 0 || this.#key[index] === REPLACED) return ''
    return `, attribute ${JSON.stringify(this.#keys.text(this.#key[index]!).slice(0, MAX_KEY))}`
  }

  /** Reads one KeyValue field. Of several with the same key the last counts, whatever their types. */
  add(reader: ProtobufReader): void {
    const plain = this.#plain
    if (plain.read(reader)) {
      this.#put(reader, plain.keyStart, plain.keyEnd, plain)
      return
    }
    const scan = this.#scan
    scan.clear()
    let keyStart = 0
    let keyEnd = 0
    const outer = reader.enter()
    while (reader.more) {
      const tag = reader.tag()
      if (tag === 10) {
        keyEnd = reader.sized()
        keyStart = reader.start
      } else if (tag === 18) scan.read(reader)
      else reader.skip(tag)
    }
    reader.leave(outer)
    this.#put(reader, keyStart, keyEnd, scan)
    if (scan.bytes > this.#state.mostAttributes.valueBytes) this.#large = this.#size - 1
  }

  /** Writes a row of each map. `moving` leaves out the strings that have columns of their own. */
  write(reader: ProtobufReader, maps: AttributeMaps, moving: boolean): void {
    const { attr_s, attr_i, attr_f, attr_b, attr_x } = maps
    for (let i = 0; i < this.#size; i++) {
      const key = this.#key[i]!
      if (key === REPLACED) continue
      const type = this.#type[i]!
      const first = this.#first[i]!
      const second = this.#second[i]!
      if (type === STRING) {
        if (moving && this.#isMoved(key)) continue
        attr_s.appendKey(key)
        attr_s.values.append(reader.bytes, first, second)
      } else if (type === INT) {
        attr_i.appendKey(key)
        attr_i.values.append(first, second)
      } else if (type === DOUBLE) {
        attr_f.appendKey(key)
        attr_f.values.append(first, second)
      } else if (type === BOOL) {
        attr_b.appendKey(key)
        attr_b.values.append(first)
      } else {
        attr_x.appendKey(key)
        attr_x.values.appendText(otherValueText(reader, type, first, second))
      }
    }
    attr_s.endRow()
    attr_i.endRow()
    attr_f.endRow()
    attr_b.endRow()
    attr_x.endRow()
  }

  /** Adds the attributes to a hash, the same whatever their order. */
  addTo(total: Hash64, reader: ProtobufReader): void {
    let low = 0
    let high = 0
    const hash = this.#hash
    for (let i = 0; i < this.#size; i++) {
      const key = this.#key[i]!
      if (key === REPLACED) continue
      const type = this.#type[i]!
      const keyLow = this.#keys.hashLow(key)
      const keyHigh = this.#keys.hashHigh(key)
      const first = this.#first[i]!
      const second = this.#second[i]!
      if (type === STRING) hash.ofBytes(type, keyLow, keyHigh, reader.bytes, first, second)
      else {
        hash.begin(type).word(keyLow).word(keyHigh)
        if (type === INT || type === DOUBLE || type === BOOL) hash.word(first).word(second)
        else hash.text(otherValueText(reader, type, first, second))
        hash.finish()
      }
      low = (low + hash.low) | 0
      high = (high + hash.high) | 0
    }
    total.word(low).word(high)
  }

  #put(reader: ProtobufReader, keyStart: number, keyEnd: number, value: PlainAttribute | ValueScan): void {
    let index = this.#size++
    if (index === this.#key.length) index = this.#grow(index)
    const previous = index === 0 ? -1 : Math.max(-1, this.#key[index - 1]!)
    const key = this.#keys.indexOf(reader.bytes, keyStart, keyEnd, previous)
    this.#key[index] = key
    this.#type[index] = value.type
    this.#first[index] = value.first
    this.#second[index] = value.second
    this.#replaceEarlier(key, index)
    const role = this.#keys.role(key)
    if (role !== NO_ROLE) this.byRole[role] = index
  }

  #isMoved(key: number): boolean {
    const role = this.#keys.role(key)
    return role >= URL_FULL && role <= SESSION_ID
  }

  #replaceEarlier(key: number, index: number): void {
    if (key >= this.#place.length) this.#place = widened(this.#place, key + 1)
    const earlier = this.#place[key]!
    if (earlier < index && this.#key[earlier] === key) this.#key[earlier] = REPLACED
    this.#place[key] = index
  }

  /** Answers where to write: in the last place again when the record is rejected for their number anyway. */
  #grow(index: number): number {
    if (index > this.#state.mostAttributes.perRecord) {
      this.#size = index
      return index - 1
    }
    const length = this.#key.length + 1
    this.#key = widened(this.#key, length)
    this.#type = widened(this.#type, length)
    this.#first = widened(this.#first, length)
    this.#second = widened(this.#second, length)
    return index
  }
}

function widened(list: Int32Array<ArrayBuffer>, atLeast: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(Math.max(atLeast, list.length * 2))
  wider.set(list)
  return wider
}
