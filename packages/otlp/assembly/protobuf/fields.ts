// Fields of a message while it is read: static memory, each with a way to read itself.
import { longSized, sizedStart, take, varint, varintValue } from './reader'

/** Where a string or bytes field lies; nowhere, `start` and `end` 0, when it was not there. */
@unmanaged
export class Range {
  start: usize
  end: usize

  @inline
  get length(): usize {
    return this.end - this.start
  }

  @inline
  read(at: usize, limit: usize): usize {
    let start = at + 1
    let end = start + load<u8>(at)
    if (load<i8>(at) < 0 || end > limit) {
      end = longSized(at, limit)
      start = sizedStart
    }
    this.start = start
    this.end = end
    return end
  }
}

/** Values of enums of the request that were not stored as they were sent. */
export let lostEnums: u32 = 0

export function clearLostEnums(): void {
  lostEnums = 0
}

function loseEnum(): u32 {
  lostEnums++
  return 0
}

/** A number of 32 bits. */
@unmanaged
export class Word {
  value: u32

  /** Reads a varint; what does not fit is cut off. */
  @inline
  read(at: usize, limit: usize): usize {
    const next = varint(at, limit)
    this.value = <u32>varintValue
    return next
  }

  /** Reads an enum. A value that no column can hold, since no definition has it, is stored as unspecified, and counted. */
  @inline
  readEnum(at: usize, limit: usize): usize {
    const next = this.read(at, limit)
    if (this.value > 0xff) this.value = loseEnum()
    return next
  }

  readZigzag(at: usize, limit: usize): usize {
    const next = this.read(at, limit)
    this.value = (this.value >> 1) ^ (0 - (this.value & 1))
    return next
  }

  @inline
  readFixed(at: usize, limit: usize): usize {
    const next = take(at, limit, 4)
    this.value = load<u32>(at)
    return next
  }
}

/** Eight bytes: a count, the bits of a double, or a time in nanoseconds since 1970. */
@unmanaged
export class Long {
  value: u64

  @inline
  readFixed(at: usize, limit: usize): usize {
    const next = take(at, limit, 8)
    this.value = load<u64>(at)
    return next
  }

  /** Whether the time is after 2262-04-11, the end of signed 64-bit nanoseconds and so of DateTime64(9). */
  @inline
  get isBeyondRange(): bool {
    return <i64>this.value < 0
  }

  /** Makes a time beyond the range the last one in it. For times that do not decide about their record. */
  @inline
  clamp(): void {
    if (this.isBeyondRange) this.value = <u64>i64.MAX_VALUE
  }
}

/** Makes all fields from `start` on those of a message in which nothing was. `bytes`: a multiple of 16. */
export function clearFields(start: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(start + at, i64x2(0, 0))
}
