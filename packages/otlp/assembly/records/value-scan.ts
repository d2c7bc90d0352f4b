import {
  ABSENT,
  ARRAY_VALUE,
  BOOL_VALUE,
  BYTES_VALUE,
  DOUBLE_VALUE,
  INT_VALUE,
  KVLIST_VALUE,
  STRING_VALUE,
} from '../any-value'
import { enter, longTag, messageEnd, sized, sizedStart, skip, take, varint, varintValue } from '../protobuf/reader'

/** One AnyValue: its variant, and its value or where in the body it lies. */
@unmanaged
export class Value {
  type: u32
  /** The key that it belongs to, where it is an attribute. */
  key: u32
  /** Eight bytes of an int or double, 0 or 1 of a bool. For all else the range is in `start` and `end`. */
  bits: u64

  @inline
  get start(): usize {
    return <u32>this.bits
  }

  @inline
  get end(): usize {
    return <u32>(this.bits >> 32)
  }

  @inline
  set(type: u32, bits: u64): void {
    this.type = type
    this.bits = bits
  }

  @inline
  setRange(type: u32, start: usize, end: usize): void {
    this.set(type, <u64>start | ((<u64>end) << 32))
  }

  /** Of a string, bytes, array or kvlist as it was sent; 0 for everything else. */
  get bytes(): usize {
    return this.type === STRING_VALUE || this.type >= ARRAY_VALUE ? this.end - this.start : 0
  }

  /** Reads an AnyValue field. Of several variants the last one counts, as the oneof says. */
  read(outer: usize, outerLimit: usize): usize {
    let at = enter(outer, outerLimit)
    const limit = messageEnd
    while (at < limit) {
      at = longTag(at, limit)
      const tag = <u32>varintValue
      switch (tag) {
        case 10:
          at = this.readRange(STRING_VALUE, at, limit)
          break
        case 16:
          at = varint(at, limit)
          this.set(BOOL_VALUE, varintValue === 0 ? 0 : 1)
          break
        case 24:
          at = varint(at, limit)
          this.set(INT_VALUE, varintValue)
          break
        case 33: {
          const next = take(at, limit, 8)
          this.set(DOUBLE_VALUE, load<u64>(at))
          at = next
          break
        }
        case 42:
          at = this.readRange(ARRAY_VALUE, at, limit)
          break
        case 50:
          at = this.readRange(KVLIST_VALUE, at, limit)
          break
        case 58:
          at = this.readRange(BYTES_VALUE, at, limit)
          break
        case 64:
          // An index into the string table of the profiles signal; there is no such table here.
          at = varint(at, limit)
          this.set(ABSENT, 0)
          break
        default:
          at = skip(tag, at, limit)
      }
    }
    return limit
  }

  private readRange(type: u32, at: usize, limit: usize): usize {
    const end = sized(at, limit)
    this.setRange(type, sizedStart, end)
    return end
  }
}
