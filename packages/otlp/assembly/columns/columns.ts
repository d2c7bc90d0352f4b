// Columns of one block each, as Native writes them but for the order of their parts. All are static memory, zero at first.
import { Buffer } from '../memory/buffer'
import { ByteDictionary, DICTIONARY_BYTES } from '../memory/byte-dictionary'
import { numberInMap } from './keys'

/** UInt8, Bool, UInt16, UInt32, Int32, DateTime, Float32, UInt64, Int64, DateTime64, Float64: append with `push8` and so on. */
@unmanaged
export class FixedColumn extends Buffer {}

/** FixedString(16): an id. */
@unmanaged
export class TraceIdColumn extends Buffer {
  /** Appends the range, or, where it is not of the width, zeros. */
  @inline
  appendId(from: usize, count: usize): void {
    this.reserve(16)
    const at = this.position
    v128.store(at, count === 16 ? v128.load(from) : i64x2(0, 0))
    this.position = at + 16
  }
}

/** FixedString(8): an id. */
@unmanaged
export class SpanIdColumn extends Buffer {
  @inline
  appendId(from: usize, count: usize): void {
    this.push64(count === 8 ? load<u64>(from) : 0)
  }
}

/** String: its length, then its bytes as they came; nothing is decoded on the way. */
@unmanaged
export class StringColumn extends Buffer {
  rows: u32

  @inline
  appendString(from: usize, count: usize): void {
    this.appendSized(from, count)
    this.rows++
  }

  /** Appends what was written to a buffer. */
  appendText(text: Buffer): void {
    this.appendString(text.start, text.length)
  }
}

/** Nullable(String): a byte a row that is 1 for NULL; the strings are in `values`. */
@unmanaged
export class NullableStringColumn extends Buffer {
  @inline
  get values(): StringColumn {
    return changetype<StringColumn>(changetype<usize>(this) + offsetof<NullableStringColumn>())
  }

  @inline
  appendString(from: usize, count: usize): void {
    this.push8(0)
    this.values.appendString(from, count)
  }

  @inline
  appendNull(): void {
    this.push8(1)
    this.values.push8(0)
    this.values.rows++
  }
}

/** LowCardinality(String): a number a row; the strings are in `dictionary`. */
@unmanaged
export class LowCardinalityColumn extends Buffer {
  @inline
  get dictionary(): ByteDictionary {
    return changetype<ByteDictionary>(changetype<usize>(this) + offsetof<LowCardinalityColumn>())
  }

  @inline
  appendString(from: usize, count: usize): void {
    this.push32(this.dictionary.indexOf(from, count))
  }
}

/** Map(LowCardinality(String), V): where each row's pairs end. Behind it the keys' numbers, the keys, and the values. */
@unmanaged
export class MapColumn extends Buffer {
  /** Which of all maps of all tables it is, see `numberInMap`. */
  slot: u32

  /** A number of `usedKeys` a pair. */
  @inline
  get pairs(): Buffer {
    return changetype<Buffer>(changetype<usize>(this) + offsetof<MapColumn>())
  }

  /** The keys that this map has, in order, as numbers of the batch's key dictionary. */
  @inline
  get usedKeys(): Buffer {
    return changetype<Buffer>(changetype<usize>(this) + offsetof<MapColumn>() + offsetof<Buffer>())
  }

  /** A StringColumn or a FixedColumn. */
  @inline
  get values(): StringColumn {
    return changetype<StringColumn>(changetype<usize>(this) + offsetof<MapColumn>() + offsetof<Buffer>() * 2)
  }

  @inline
  appendKey(key: u32): void {
    const number = load<u32>(numberInMap(key, this.slot))
    this.pairs.push32(number === 0 ? this.addKey(key) : number - 1)
  }

  private addKey(key: u32): u32 {
    const number = <u32>(this.usedKeys.length >> 2)
    this.usedKeys.push32(key)
    store<u32>(numberInMap(key, this.slot), number + 1)
    return number
  }

  @inline
  endRow(): void {
    this.push64(this.pairs.length >> 2)
  }
}

/** Array: where each row's elements end. Behind it the column of all elements. */
@unmanaged
export class ArrayColumn<Elements> extends Buffer {
  private end: u32

  @inline
  get elements(): Elements {
    return changetype<Elements>(changetype<usize>(this) + offsetof<ArrayColumn<Elements>>())
  }

  /** `added`: elements of this row. */
  @inline
  endRow(added: u32): void {
    this.end += added
    this.push64(this.end)
  }

  clearRows(): void {
    this.clear()
    this.end = 0
  }
}

// Static memory that a column takes.
export const FIXED_BYTES: usize = offsetof<FixedColumn>()
export const STRING_BYTES: usize = offsetof<StringColumn>()
export const NULLABLE_STRING_BYTES: usize = offsetof<NullableStringColumn>() + STRING_BYTES
export const LOW_CARDINALITY_BYTES: usize = offsetof<LowCardinalityColumn>() + DICTIONARY_BYTES
export const MAP_BYTES: usize = offsetof<MapColumn>() + offsetof<Buffer>() * 2 + STRING_BYTES
export const ARRAY_BYTES: usize = offsetof<ArrayColumn<FixedColumn>>()
